using System.Text;
using Actors.Loaders.Packages;
using Xunit;

namespace Actors.Loaders.Tests.Packages;

public sealed class HeaderFieldsTests
{
    [Theory]
    [InlineData("Author: Ann\nAuthor: Bob\n", "Ann")]
    [InlineData("author:Ann  \r\n\r\nAuthor: Bob", "Ann")]
    [InlineData("Summary: x\n  Author: y\nAuthor: Ann\n\tof\n  Here\nVersion: 1\n", "Ann of Here")]
    [InlineData("Summary: x\rAuthor: Ann\r", "Ann")]
    [InlineData(" nothing before\nAuthor: Ann\n", "Ann")]
    [InlineData("Author: Ann\u2028of\f Here\n", "Ann of Here")]
    [InlineData("Author: UNKNOWN\n", null)]
    [InlineData("Author:\n", "")]
    [InlineData("Summary: x\n\nAuthor: Ann\n", null)]
    [InlineData("no field\nAuthor: Ann\n", null)]
    [InlineData("", null)]
    public void The_first_of_a_name_counts_until_an_empty_line(string text, string? author) => Assert.Equal(author, HeaderFields.Parse(Encoding.UTF8.GetBytes(text)).Find("Author"));

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_left_out() =>
        Assert.Equal("Jos Mü", HeaderFields.Parse([.. "Author: Jos"u8, 0xe9, .. " Mü\n"u8]).Find("Author"));
}
