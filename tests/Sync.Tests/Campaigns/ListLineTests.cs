using Actors.Sync.Campaigns;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Actors.Sync.Tests.Campaigns;

public sealed class ListLineTests
{
    [Theory]
    [InlineData("https://Example.org/a/b.git", "https://example.org/a/b.git")]
    [InlineData("  https://example.org/a \t\r", "https://example.org/a")]
    [InlineData("\ufeffhttps://example.org/a", "https://example.org/a")]
    [InlineData("https://example.org/a # the main one", "https://example.org/a")]
    [InlineData("https://example.org/a\t#x", "https://example.org/a")]
    [InlineData("https://example.org/a#readme", "https://example.org/a")]
    [InlineData("gh:owner/repo", "https://github.com/owner/repo")]
    [InlineData("gl:group/sub/repo", "https://gitlab.com/group/sub/repo")]
    [InlineData("https://a:a@example.org/x", "https://example.org/x")]
    [InlineData("https://example.org/a;could not connect", "https://example.org/a")]
    [InlineData("gh:owner/repo;1111111111111111111111111111111111111111;2222222222222222222222222222222222222222", "https://github.com/owner/repo")]
    [InlineData("https://example.org/a ; rest", "https://example.org/a")]
    [InlineData("git@example.org:a/b", "ssh://git@example.org/~/a/b")]
    [InlineData("/srv/git/a.git", "file:///srv/git/a.git")]
    public void Line_names_a_repository(string line, string url)
    {
        ListLine parsed = ListLine.Parse(line);
        Assert.Equal(ListLine.Kind.Repository, parsed.Holds);
        Assert.Equal(url, parsed.Url.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("   \t\r")]
    [InlineData("# comment")]
    [InlineData("   # comment https://example.org/a")]
    [InlineData("\ufeff# comment")]
    [InlineData("#;")]
    public void Line_holds_nothing(string line) => Assert.Equal(ListLine.Kind.Nothing, ListLine.Parse(line).Holds);

    [Theory]
    [InlineData("ftp://example.org/a")]
    [InlineData("ext::sh -c touch% /tmp/x")]
    [InlineData("--upload-pack=touch /tmp/x")]
    [InlineData("https://")]
    [InlineData("https://exa mple.org/a")]
    [InlineData(";1111111111111111111111111111111111111111")]
    [InlineData("https://example.org/a\0b")]
    [InlineData("https://example.org/\ufffdt\ufffd")]
    public void Rubbish_is_rejected_with_a_reason(string line)
    {
        ListLine parsed = ListLine.Parse(line);
        Assert.Equal(ListLine.Kind.Rejected, parsed.Holds);
        Assert.False(string.IsNullOrEmpty(parsed.Reason));
    }

    [Theory]
    [InlineData("../a.git")]
    [InlineData("a.git ; rest")]
    [InlineData("what is this")]
    public void A_relative_path_means_something_only_where_the_list_was_written(string line)
    {
        Assert.Equal(ListLine.Kind.Repository, ListLine.Parse(line).Holds);
        ListLine parsed = ListLine.Parse(line, isFromElsewhere: true);
        Assert.Equal((ListLine.Kind.Rejected, "is neither a URL nor a path from '/' on: give an https URL"), (parsed.Holds, parsed.Reason));
    }

    [Theory]
    [InlineData("/srv/git/a.git", "file:///srv/git/a.git")]
    [InlineData("File:///srv/git/a.git", "file:///srv/git/a.git")]
    [InlineData("gh:owner/repo", "https://github.com/owner/repo")]
    [InlineData("git@example.org:a/b", "ssh://git@example.org/~/a/b")]
    public void A_list_from_elsewhere_has_URLs_and_whole_paths(string line, string url) => Assert.Equal(url, ListLine.Parse(line, isFromElsewhere: true).Url.ToString());

    [Fact]
    public void No_line_throws()
    {
        string[] parts = ["https://", "http:", "git@", "ssh://", "file://", "//", "[", "]", "::", ":", "@", "%", "%zz", "\ud800", "xn--", "İ", "..", "~", "\0", ";", "#", " ", "a", "gh:", ":99999", "ｅ"];
        Gen<string> lines = Gen.Elements(parts).ArrayOf().Select(string.Concat);
        Prop.ForAll(lines.ToArbitrary(), line => Assert.True(Enum.IsDefined(ListLine.Parse(line).Holds))).QuickCheckThrowOnFailure();
        Prop.ForAll<string>(line => Assert.True(Enum.IsDefined(ListLine.Parse(line).Holds))).QuickCheckThrowOnFailure();
    }
}
