using Xunit;

namespace Actors.Client.Tests;

public sealed class QuantitiesTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1.00 kB")]
    [InlineData(38_249, "38.2 kB")]
    [InlineData(124_900_000, "125 MB")]
    [InlineData(999_600, "1.00 MB")]
    [InlineData(5_000_000_000_000_000, "5.00 PB")]
    public void Sizes_have_three_digits_in_decimal_units(long bytes, string text) => Assert.Equal(text, Quantities.Bytes(bytes));

    [Theory]
    [InlineData(0.85, "850 ms")]
    [InlineData(9.5, "9.5 s")]
    [InlineData(12, "12 s")]
    [InlineData(200, "3 min 20 s")]
    [InlineData(18120, "5 h 2 min")]
    [InlineData(273600, "3 d 4 h")]
    public void Times_have_two_units_at_most(double seconds, string text) => Assert.Equal(text, Quantities.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("30s", 30)]
    [InlineData("1.5m", 90)]
    [InlineData("1h", 3600)]
    [InlineData("7d", 604800)]
    public void Durations_are_read_with_their_unit(string text, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Quantities.ParseDuration(text));

    [Theory]
    [InlineData("")]
    [InlineData("h")]
    [InlineData("1")]
    [InlineData("1 hour")]
    [InlineData("-1h")]
    [InlineData("1e9d")]
    [InlineData("99999999d")]
    public void A_duration_without_a_known_unit_is_refused_by_its_text(string text)
    {
        FormatException e = Assert.Throws<FormatException>(() => Quantities.ParseDuration(text));
        Assert.Contains($"'{text}'", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1500", 1500)]
    [InlineData("500MB", 500_000_000)]
    [InlineData("2GiB", 2L << 30)]
    [InlineData("1.5k", 1500)]
    public void Sizes_are_read_with_decimal_and_binary_units(string text, long bytes) => Assert.Equal(bytes, Quantities.ParseBytes(text));

    [Theory]
    [InlineData("0")]
    [InlineData("MB")]
    [InlineData("5XB")]
    [InlineData("-5MB")]
    public void A_size_that_cannot_be_is_refused(string text) => Assert.Throws<FormatException>(() => Quantities.ParseBytes(text));
}
