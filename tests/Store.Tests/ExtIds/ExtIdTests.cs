using Actors.Store.ExtIds;
using Xunit;

namespace Actors.Store.Tests.ExtIds;

public sealed class ExtIdTests
{
    [Theory]
    [InlineData("dsc-sha256:00ff")]
    [InlineData("dsc-sha256@1:00ff")]
    public void What_is_written_is_read(string text) => Assert.Equal(text, ExtId.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("a:")]
    [InlineData(":00")]
    [InlineData("a:0")]
    [InlineData("a:FF")]
    [InlineData("a b:00")]
    [InlineData("a@x:00")]
    [InlineData("a@-1:00")]
    public void Anything_else_is_refused(string text) => Assert.Throws<FormatException>(() => ExtId.Parse(text));
}
