using Actors.Git.Refs;
using Actors.Git.Remotes;
using Xunit;

namespace Actors.Git.Tests.Remotes;

public sealed class ServerProfileTests
{
    [Theory]
    [InlineData("v2 sha1")]
    [InlineData("v0 sha256 shallow")]
    [InlineData("v1 sha1 filter shallow wait-for-done unborn agent=git/2.50.0-Linux")]
    [InlineData("v2 sha1 agent=")]
    public void Text_reads_back(string text) => Assert.Equal(text, ServerProfile.Parse(text).ToString());

    [Fact]
    public void Text_names_what_is_true() => Assert.Equal(
        "v2 sha256 filter wait-for-done agent=x",
        new ServerProfile(2, ObjectFormat.Sha256, Filter: true, WaitForDone: true, Agent: "x").ToString());

    [Theory]
    [InlineData("")]
    [InlineData("v2")]
    [InlineData("v3 sha1")]
    [InlineData("2 sha1")]
    [InlineData("v2 md5")]
    [InlineData("v2 sha1  filter")]
    [InlineData("v2 sha1 Filter")]
    public void Other_texts_are_refused(string text) => Assert.Throws<FormatException>(() => ServerProfile.Parse(text));

    [Fact]
    public void Agent_is_printable_and_short()
    {
        Assert.Equal("git/2.5evil", ServerProfile.CleanAgent("git/2.5 e\nvil\u202e"));
        Assert.Equal(100, ServerProfile.CleanAgent(new string('a', 5000))?.Length);
        Assert.Null(ServerProfile.CleanAgent(null));
    }
}
