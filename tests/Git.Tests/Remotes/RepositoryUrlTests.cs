using Actors.Git.Remotes;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Actors.Git.Tests.Remotes;

public sealed class RepositoryUrlTests
{
    [Theory]
    [InlineData("https://github.com/git/git", "https://github.com/git/git", "github.com")]
    [InlineData("HTTPS://GitHub.COM/Git/Git.git/", "https://github.com/Git/Git.git", "github.com")]
    [InlineData("https://github.com:443/a/b", "https://github.com/a/b", "github.com")]
    [InlineData("http://example.org:80/a", "http://example.org/a", "example.org")]
    [InlineData("https://example.org:80/a", "https://example.org:80/a", "example.org:80")]
    [InlineData("http://example.org:443/a", "http://example.org:443/a", "example.org:443")]
    [InlineData("https://example.org:8443/a", "https://example.org:8443/a", "example.org:8443")]
    [InlineData("https://example.org./a", "https://example.org/a", "example.org")]
    [InlineData("https://user:secret@example.org/a", "https://example.org/a", "example.org")]
    [InlineData("https://a@b@example.org/a", "https://example.org/a", "example.org")]
    [InlineData("https://example.org/a?tab=readme#top", "https://example.org/a", "example.org")]
    [InlineData("https://example.org/a///", "https://example.org/a", "example.org")]
    [InlineData("https://example.org/a%20b/c%2Fd", "https://example.org/a%20b/c%2Fd", "example.org")]
    [InlineData("https://example.org/..a/b..", "https://example.org/..a/b..", "example.org")]
    [InlineData("https://bücher.example/a", "https://xn--bcher-kva.example/a", "xn--bcher-kva.example")]
    [InlineData("https://[2001:DB8::1]:8443/a", "https://[2001:db8::1]:8443/a", "[2001:db8::1]:8443")]
    [InlineData("http://[::1]/a", "http://[::1]/a", "[::1]")]
    [InlineData("git://example.org:9418/a", "git://example.org/a", "example.org")]
    [InlineData("git://example.org:80/a", "git://example.org:80/a", "example.org:80")]
    [InlineData("git://someone@example.org/a", "git://example.org/a", "example.org")]
    [InlineData("ssh://git@example.org:22/a.git", "ssh://git@example.org/a.git", "example.org")]
    [InlineData("ssh://git:secret@example.org:2222/~me/a", "ssh://git@example.org:2222/~me/a", "example.org:2222")]
    [InlineData("git+ssh://git@example.org/a", "ssh://git@example.org/a", "example.org")]
    [InlineData("git@github.com:git/git.git", "ssh://git@github.com/~/git/git.git", "github.com")]
    [InlineData("example.org:/srv/a", "ssh://example.org/srv/a", "example.org")]
    [InlineData("example.org:~me/a", "ssh://example.org/~me/a", "example.org")]
    [InlineData("git@[::1]:a", "ssh://git@[::1]/~/a", "[::1]")]
    [InlineData("[::1]:/a", "ssh://[::1]/a", "[::1]")]
    [InlineData("host:a%20b c?d#e", "ssh://host/~/a%2520b%20c%3Fd%23e", "host")]
    [InlineData("/srv/git/a.git/", "file:///srv/git/a.git", "localhost")]
    [InlineData("/srv//git/../a", "file:///srv/a", "localhost")]
    [InlineData("/srv/100% sure?#.git", "file:///srv/100%25%20sure%3F%23.git", "localhost")]
    [InlineData("/srv/a:b", "file:///srv/a:b", "localhost")]
    [InlineData("file:///srv/a%20b", "file:///srv/a%20b", "localhost")]
    [InlineData("file:///srv/a b", "file:///srv/a%20b", "localhost")]
    [InlineData("FILE://localhost/srv/a", "file:///srv/a", "localhost")]
    [InlineData("file:///srv/a?b", "file:///srv/a%3Fb", "localhost")]
    [InlineData("file:///srv/a%2525", "file:///srv/a%2525", "localhost")]
    public void Has_one_canonical_form(string text, string canonical, string host)
    {
        RepositoryUrl url = RepositoryUrl.Parse(text);
        Assert.Equal(canonical, url.ToString());
        Assert.Equal(host, url.Host.ToString());
        Assert.Equal(url, RepositoryUrl.Parse(url.ToString()));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("-oProxyCommand=x", "begins with '-'")]
    [InlineData("ext::sh -c x", "remote helper")]
    [InlineData("fd::17", "remote helper")]
    [InlineData("ftp://example.org/a", "scheme 'ftp'")]
    [InlineData("javascript://example.org/a", "scheme 'javascript'")]
    [InlineData("https://example.org", "no path")]
    [InlineData("https://example.org/", "no path")]
    [InlineData("https://example.org?a/b", "no path")]
    [InlineData("https:///a", "no host")]
    [InlineData("https://-x.example/a", "no host")]
    [InlineData("https://9999./a", "no host")]
    [InlineData("https://exa mple.org/a", "no host")]
    [InlineData("https://example.org:99999/a", "no host")]
    [InlineData("https://example.org:0/a", "port 0")]
    [InlineData("https://evil.example\\@example.org/a", "no host")]
    [InlineData("https://example.org/a\\b", "backslash")]
    [InlineData("https://example.org/a b", "space")]
    [InlineData("https://example.org/a/../b", "'..'")]
    [InlineData("https://example.org/a/%2e%2E/b", "'..'")]
    [InlineData("https://example.org/./b", "'..'")]
    [InlineData("https://example.org/a%zz", "'%'")]
    [InlineData("https://example.org/a%0ab", "control character")]
    [InlineData("git://example.org/a%00host=evil", "control character")]
    [InlineData("https://example.org/a\nb", "control character")]
    [InlineData("ssh://-oProxyCommand=x/a", "no host")]
    [InlineData("ssh://-oProxyCommand=x@example.org/a", "user")]
    [InlineData("ssh://%2doProxyCommand=x@example.org/a", "user")]
    [InlineData("ssh://a'b@example.org/a", "user")]
    [InlineData("-l@example.org:a", "begins with '-'")]
    [InlineData("host:", "no path")]
    [InlineData("file://server/share", "host")]
    [InlineData("file://a", "absolute path")]
    [InlineData("file:///", "no path")]
    [InlineData("file:///a%00b", "control character")]
    [InlineData("https://U\ufffd\u067ef\ufffd\ufffd/a", "has no host, or one that no host can be called")]
    [InlineData("~/a", "'~'")]
    public void Is_refused_with_a_reason(string text, string reason)
    {
        Assert.False(RepositoryUrl.TryParse(text, out RepositoryUrl url, out string? why));
        Assert.Contains(reason, why, StringComparison.Ordinal);
        Assert.Equal(default, url);
        Assert.Equal(why, Assert.Throws<FormatException>(() => RepositoryUrl.Parse(text)).Message);
    }

    [Fact]
    public void Too_long_text_is_refused() =>
        Assert.False(RepositoryUrl.TryParse("https://example.org/" + new string('a', Limits.UrlCharsMax), out _, out _));

    [Fact]
    public void Parts_are_what_programs_are_given()
    {
        RepositoryUrl ssh = RepositoryUrl.Parse("ssh://me@[::1]:2222/~/a%20b");
        Assert.Equal(("me", "::1", 2222, "/~/a b"), (ssh.User, ssh.HostName, ssh.Port, ssh.DecodedPath));
        RepositoryUrl path = RepositoryUrl.Parse("/srv/100% sure?#.git");
        Assert.Equal("/srv/100% sure?#.git", path.DecodedPath);
        RepositoryUrl git = RepositoryUrl.Parse("git://example.org/a");
        Assert.Equal((null, "example.org", null, "git"), (git.User, git.HostName, git.Port, git.Scheme));
    }

    [Fact]
    public void Whatever_parses_is_written_so_that_it_parses_to_the_same()
    {
        string[] pieces = ["https://", "http://", "ssh://", "git://", "file://", "/", "a", "B", "example.org", ":", "22", "443", "@", "%20", "%", "..", ".", "~", "[::1]", "?", "#", " ", "-", "\\", "ü", "::", "\t"];
        Gen<string> texts = Gen.Elements(pieces).ListOf().Select(string.Concat);
        Prop.ForAll(Arb.From(texts), text =>
        {
            if (RepositoryUrl.TryParse(text, out RepositoryUrl url, out _))
            {
                Assert.Equal(url, RepositoryUrl.Parse(url.ToString()));
                Assert.DoesNotContain(' ', url.ToString());
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }
}
