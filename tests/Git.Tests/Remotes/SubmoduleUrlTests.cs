using Actors.Git.Remotes;
using Xunit;

namespace Actors.Git.Tests.Remotes;

public sealed class SubmoduleUrlTests
{
    [Theory]
    [InlineData("https://host/a/b.git", "../c.git", "https://host/a/c.git")]
    [InlineData("https://host/a/b.git", "../../c.git", "https://host/c.git")]
    [InlineData("https://host/a/b.git", "./c", "https://host/a/b.git/c")]
    [InlineData("https://host/a/b.git", "./", "https://host/a/b.git")]
    [InlineData("https://host/a/b.git", "../", "https://host/a")]
    [InlineData("https://host/a/b.git", "./../c/", "https://host/a/c")]
    [InlineData("https://host/a/b.git", "https://other/x", "https://other/x")]
    [InlineData("https://host/a/b.git", "git@other:x/y.git", "ssh://git@other/~/x/y.git")]
    [InlineData("git@host:a/b.git", "../c.git", "ssh://git@host/~/a/c.git")]
    [InlineData("git@host:b.git", "../c.git", "ssh://git@host/~/c.git")]
    [InlineData("ssh://git@host:2222/a/b", "../c", "ssh://git@host:2222/a/c")]
    public void A_submodules_url_is_what_git_makes_of_it(string super, string written, string resolved)
    {
        Assert.True(SubmoduleUrl.TryResolve(RepositoryUrl.Parse(super), written, allowFiles: false, out RepositoryUrl url, out string? reason), reason);
        Assert.Equal(resolved, url.ToString());
    }

    [Theory]
    [InlineData("../../../evil/x", "leads out of its host")]
    [InlineData("../../..//evil.example/x", "leads out of its host")]
    [InlineData("..//evil.example/x", "leads out of its host")]
    [InlineData("../:evil.example/x", "leads out of its host")]
    [InlineData("../x%0ahost=evil", "has a line feed")]
    [InlineData("git://host/x%0Ay", "has a line feed")]
    [InlineData("ext::sh -c touch% /tmp/owned", "names a remote helper ('::')")]
    [InlineData("--upload-pack=touch /tmp/owned", "begins with '-'")]
    [InlineData("ssh://-oProxyCommand=touch/x", "has no host, or one that no host can be called")]
    [InlineData("/etc", "is a folder of this machine, where git follows no .gitmodules unless protocol.file.allow is 'always'")]
    [InlineData("file:///etc", "is a folder of this machine, where git follows no .gitmodules unless protocol.file.allow is 'always'")]
    [InlineData("..", "is a folder of this machine, where git follows no .gitmodules unless protocol.file.allow is 'always'")]
    [InlineData("", "empty")]
    public void What_git_would_not_follow_is_refused(string written, string why)
    {
        Assert.False(SubmoduleUrl.TryResolve(RepositoryUrl.Parse("https://host/a/b.git"), written, allowFiles: false, out _, out string? reason));
        Assert.Equal(why, reason);
    }

    [Fact]
    public void A_folder_of_this_machine_is_followed_where_a_person_allows_it()
    {
        Assert.True(SubmoduleUrl.TryResolve(RepositoryUrl.Parse("/srv/a.git"), "../b.git", allowFiles: true, out RepositoryUrl url, out _));
        Assert.Equal("file:///srv/b.git", url.ToString());
        Assert.False(SubmoduleUrl.TryResolve(RepositoryUrl.Parse("/srv/a.git"), "../b.git", allowFiles: false, out _, out _));
    }
}
