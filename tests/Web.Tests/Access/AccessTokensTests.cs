using Actors.Web.Access;
using Xunit;

namespace Actors.Web.Tests.Access;

public sealed class AccessTokensTests
{
    [Fact]
    public void Tokens_have_their_scopes_and_everything_else_has_none()
    {
        AccessTokens tokens = AccessTokens.Parse("# for scrapers\nread aaaaaaaaaaaaaaaa\n\n  write  bbbbbbbbbbbbbbbb # Ada\r\nread bbbbbbbbbbbbbbbb\n");
        Assert.Equal(AccessScope.Read, tokens.ScopeOf("aaaaaaaaaaaaaaaa"));
        Assert.Equal(AccessScope.Write, tokens.ScopeOf("bbbbbbbbbbbbbbbb"));
        foreach (string? wrong in (string?[])[null, "", "a", "aaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaa", "AAAAAAAAAAAAAAAA", new string('a', 100_000)])
        {
            Assert.Equal(AccessScope.None, tokens.ScopeOf(wrong));
        }

        Assert.False(tokens.IsOpen);
        Assert.True(AccessTokens.None.IsOpen);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("aaaaaaaaaaaaaaaa")]
    [InlineData("admin aaaaaaaaaaaaaaaa")]
    [InlineData("read short")]
    [InlineData("read aaaaaaaaaaaaaaaa two")]
    [InlineData("read aaaaaaaaaaaaaaaä")]
    public void Wrong_text_is_refused_without_telling_it(string text)
    {
        FormatException e = Assert.Throws<FormatException>(() => AccessTokens.Parse(text));
        Assert.DoesNotContain("aaaa", e.Message, StringComparison.Ordinal);
    }
}
