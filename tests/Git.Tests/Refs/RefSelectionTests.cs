using Actors.Git.Refs;
using Xunit;

namespace Actors.Git.Tests.Refs;

public sealed class RefSelectionTests
{
    [Theory]
    [InlineData("default", "HEAD", true)]
    [InlineData("default", "HEAD2", false)]
    [InlineData("default", "refs/heads/main", true)]
    [InlineData("default", "refs/tags/v1", true)]
    [InlineData("default", "refs/pull/1/head", false)]
    [InlineData("default", "refs/headsman", false)]
    [InlineData("all", "refs/pull/1/head", true)]
    [InlineData("all", "HEAD", true)]
    [InlineData("refs/heads/main", "refs/heads/main", true)]
    [InlineData("refs/heads/main", "refs/heads/main2", false)]
    [InlineData("refs/heads/main", "HEAD", true)]
    [InlineData("refs/heads/m*", "refs/heads/main2", true)]
    [InlineData("refs/heads/m*", "refs/heads/n", false)]
    [InlineData("HEAD", "refs/heads/main", false)]
    [InlineData("refs/*", "refs/x", true)]
    public void Matches_what_its_text_says(string text, string name, bool matches) =>
        Assert.Equal(matches, RefSelection.Parse(text).Matches(RefName.Parse(name)));

    [Fact]
    public void Text_reads_back_and_is_all_that_counts()
    {
        RefSelection refs = RefSelection.Parse("refs/tags/*, refs/heads/main,HEAD,refs/tags/*");
        Assert.Equal("HEAD,refs/heads/main,refs/tags/*", refs.Text);
        Assert.Equal(refs, RefSelection.Parse(refs.Text));
        Assert.Equal(refs.GetHashCode(), RefSelection.Parse(refs.Text).GetHashCode());
        Assert.Equal(["HEAD", "refs/heads/main", "refs/tags/"], refs.Prefixes);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("main")]
    [InlineData("refs/*/main")]
    [InlineData("heads/*")]
    public void What_is_no_selection_is_refused(string text) => Assert.Throws<FormatException>(() => RefSelection.Parse(text));
}
