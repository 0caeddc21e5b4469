using Actors.Git.Remotes;
using Xunit;

namespace Actors.Sync.Tests.Campaigns;

/// <summary>What the spool and the head store rely on: a canonical URL, read again, is itself.</summary>
public sealed class CanonicalUrlTests
{
    [Theory]
    [InlineData("https://example.org/a%20b")]
    [InlineData("https://EXAMPLE.org:443/a//b/")]
    [InlineData("git@example.org:~x/a")]
    [InlineData("git@example.org:/srv/a")]
    [InlineData("ssh://git@example.org:2222/a")]
    [InlineData("/srv/git/a")]
    [InlineData("/srv/git/a%20b")]
    [InlineData("/srv/git/100%")]
    [InlineData("/srv/git/a;b#c?d")]
    [InlineData("file:///srv/a%20b")]
    [InlineData("http://[::1]:8080/a")]
    [InlineData("https://bücher.example/a")]
    public void Canonical_form_is_its_own_canonical_form(string text)
    {
        RepositoryUrl url = RepositoryUrl.Parse(text);
        Assert.Equal(url, RepositoryUrl.Parse(url.ToString()));
    }
}
