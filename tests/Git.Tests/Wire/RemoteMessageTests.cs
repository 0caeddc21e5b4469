using System.Text;
using Actors.Git.Remotes;
using Actors.Git.Wire;
using Xunit;

namespace Actors.Git.Tests.Wire;

public sealed class RemoteMessageTests
{
    [Theory]
    [InlineData("upload-pack: not our ref 1111111111111111111111111111111111111111", RemoteFailureKind.NotOurRef)]
    [InlineData("want 1111111111111111111111111111111111111111 not valid", RemoteFailureKind.NotOurRef)]
    [InlineData("GitHub is temporarily limiting requests", RemoteFailureKind.Throttled)]
    [InlineData("API Rate Limit exceeded", RemoteFailureKind.Throttled)]
    [InlineData("access denied: too many requests", RemoteFailureKind.Throttled)]
    [InlineData("access denied or repository not exported: /x.git", RemoteFailureKind.NotFound)]
    [InlineData("fatal: '/x' does not appear to be a git repository", RemoteFailureKind.NotFound)]
    [InlineData("ERROR: Repository not found.", RemoteFailureKind.NotFound)]
    [InlineData("git@example.org: Permission denied (publickey).", RemoteFailureKind.Forbidden)]
    [InlineData("fatal: detected dubious ownership in repository at '/x'", RemoteFailureKind.Forbidden)]
    [InlineData("ssh: Could not resolve hostname x: Name or service not known", RemoteFailureKind.Unreachable)]
    [InlineData("ssh: connect to host x port 22: Connection timed out", RemoteFailureKind.TimedOut)]
    [InlineData("Connection reset by peer", RemoteFailureKind.CutOff)]
    [InlineData("internal server error", RemoteFailureKind.RemoteError)]
    [InlineData("", RemoteFailureKind.RemoteError)]
    public void Words_are_classified(string words, RemoteFailureKind kind) =>
        Assert.Equal(kind, RemoteMessage.Classify(Encoding.UTF8.GetBytes(words)).Kind);

    [Theory]
    [InlineData("a\u001b[31mred\u0007", "a [31mred")]
    [InlineData("  two\r\n lines\n", "two lines")]
    [InlineData("right\u202eleft", "right left")]
    [InlineData("\n\0\t", "")]
    public void Control_characters_become_spaces(string words, string clean) => Assert.Equal(clean, RemoteMessage.Clean(Encoding.UTF8.GetBytes(words)));

    [Fact]
    public void Long_words_are_cut() =>
        Assert.Equal(Limits.RemoteMessageCharsMax, RemoteMessage.Clean(new byte[100_000].Select(_ => (byte)'x').ToArray()).Length);

    [Fact]
    public void Bytes_that_are_no_utf8_do_no_harm() => Assert.Equal("a\ufffdb", RemoteMessage.Clean([(byte)'a', 0xff, (byte)'b']));
}
