using System.Text;
using System.Text.Json;
using Actors.Loaders.Objects;
using Actors.Loaders.Packages;
using Xunit;

namespace Actors.Loaders.Tests.Packages;

public sealed class JsonTests
{
    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"a\":{\"x\\uDc00y\":1}}")]
    public void What_is_no_text_is_refused_whole(string json) => Assert.Throws<ArchiveException>(() => Json.Parse(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_refused() => Assert.Throws<ArchiveException>(() => Json.Parse((byte[])[.. "{\"a\":\""u8, 0xe9, .. "\"}"u8]));

    [Fact]
    public void A_value_with_half_a_pair_is_no_text_and_the_others_are_read()
    {
        JsonElement root = Json.Parse(Encoding.UTF8.GetBytes("\ufeff{\"a\":\"\\ud800\",\"\\ud83d\\ude00\":\"c\",}"));
        Assert.Equal((null, "c"), (root.Text("a"), root.Text("\ud83d\ude00")));
    }

    [Theory]
    [InlineData("{\"a\":1,}")]
    [InlineData("{} // x")]
    public void Strictly_commas_too_many_and_comments_are_errors(string json) => Assert.Throws<ArchiveException>(() => Json.Parse(Encoding.UTF8.GetBytes(json), strict: true));
}
