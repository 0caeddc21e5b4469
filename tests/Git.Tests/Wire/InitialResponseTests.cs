using System.Text;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Git.Wire;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Git.Tests.Wire;

public sealed class InitialResponseTests
{
    private const string One = "1111111111111111111111111111111111111111";
    private const string Two = "2222222222222222222222222222222222222222";
    private static readonly byte[] Service = Pkt.Join(Pkt.Line("# service=git-upload-pack\n"), Pkt.Flush);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Capabilities_of_v2_are_read_with_and_without_service_line(bool service)
    {
        byte[] bytes = Pkt.Join(
            service ? Service : [], Pkt.Line("version 2\n"), Pkt.Line("agent=git/2.50.0\n"), Pkt.Line("ls-refs=unborn\n"), Pkt.Line("fetch=shallow wait-for-done filter\n"),
            Pkt.Line("server-option\n"), Pkt.Line("object-format=sha256\n"), Pkt.Line("something-new=a b\n"), Pkt.Flush);
        InitialResponse said = InitialResponse.Parse(bytes, RefSelection.Default);
        Assert.Null(said.Legacy);
        Assert.Equal(new ServerProfile(2, ObjectFormat.Sha256, true, true, true, true, "git/2.50.0"), said.Profile);
    }

    [Fact]
    public void Bare_features_of_v2_are_false()
    {
        InitialResponse said = InitialResponse.Parse(Pkt.Join(Pkt.Line("version 2"), Pkt.Line("ls-refs"), Pkt.Line("fetch"), Pkt.Flush), RefSelection.Default);
        Assert.Equal(new ServerProfile(2), said.Profile);
    }

    [Fact]
    public void Refs_of_v0_become_lines_of_v2()
    {
        byte[] bytes = Pkt.Join(
            Service,
            Pkt.Line($"{One} HEAD\0 multi_ack thin-pack side-band-64k shallow filter no-done symref=HEAD:refs/heads/main object-format=sha1 agent=git/2.1\n"),
            Pkt.Line($"{One} refs/heads/main\n"), Pkt.Line($"{One} refs/pull/1/head\n"), Pkt.Line($"{Two} refs/tags/v1\n"), Pkt.Line($"{One} refs/tags/v1^{{}}\n"),
            Pkt.Line($"shallow {Two}\n"), Pkt.Flush);
        InitialResponse said = InitialResponse.Parse(bytes, RefSelection.Default);
        Assert.Equal(new ServerProfile(0, ObjectFormat.Sha1, Filter: true, Shallow: true, Agent: "git/2.1"), said.Profile);
        Assert.Equal(
            $"0050{One} HEAD symref-target:refs/heads/main\n003d{One} refs/heads/main\n006a{Two} refs/tags/v1 peeled:{One}\n",
            Encoding.ASCII.GetString(said.Legacy!.Lines.Span));
        Assert.Equal([Git.Objects.Oid.Parse(Two)], said.Legacy.Shallow);
        Assert.True(said.Legacy.Has("no-done"));
        Assert.False(said.Legacy.Has("multi_ack_detailed"));
    }

    [Theory]
    [InlineData(new[] { "0000000000000000000000000000000000000000 capabilities^{}\0 agent=x\n" }, 0)]
    [InlineData(new[] { "version 1\n", "0000000000000000000000000000000000000000 capabilities^{}\0 agent=x" }, 1)]
    public void Empty_repository_has_no_lines(string[] lines, int version)
    {
        InitialResponse said = InitialResponse.Parse(Pkt.Join([.. lines.Select(l => Pkt.Line(l)), Pkt.Flush]), RefSelection.All);
        Assert.Equal(0, said.Legacy!.Lines.Length);
        Assert.Equal((version, "x"), (said.Profile!.Version, said.Profile.Agent));
    }

    [Fact]
    public void Lone_flush_is_an_empty_repository_of_an_old_server()
    {
        InitialResponse said = InitialResponse.Parse(Pkt.Join(Service, Pkt.Flush), RefSelection.All);
        Assert.Equal(new ServerProfile(0), said.Profile);
        Assert.Equal(0, said.Legacy!.Lines.Length);
    }

    [Theory]
    [InlineData("# service=git-receive-pack\n")]
    [InlineData("version 3\n")]
    [InlineData("hello\n")]
    [InlineData("1111 HEAD\0\n")]
    [InlineData("1111111111111111111111111111111111111111\tHEAD\n")]
    [InlineData("1111111111111111111111111111111111111111 \n")]
    public void Other_first_lines_are_refused(string line) =>
        Assert.Throws<GitFormatException>(() => InitialResponse.Parse(Pkt.Join(Pkt.Line(line), Pkt.Flush), RefSelection.Default));

    [Fact]
    public void Peeled_line_without_its_tag_is_refused() => Assert.Throws<GitFormatException>(() =>
        InitialResponse.Parse(Pkt.Join(Pkt.Line($"{One} HEAD\0x\n"), Pkt.Line($"{One} refs/tags/v1^{{}}\n"), Pkt.Flush), RefSelection.Default));

    [Fact]
    public void Missing_flush_is_truncation()
    {
        GitFormatException e = Assert.Throws<GitFormatException>(() => InitialResponse.Parse(Pkt.Line("version 2\n"), RefSelection.Default));
        Assert.Equal(GitFormatError.Truncated, e.Kind);
    }

    [Fact]
    public void More_capabilities_than_any_server_has_are_refused()
    {
        byte[][] lines = [Pkt.Line("version 2\n"), .. Enumerable.Range(0, Limits.CapabilitiesMax + 1).Select(i => Pkt.Line($"c{i}")), Pkt.Flush];
        Assert.Equal(GitFormatError.OverLimit, Assert.Throws<GitFormatException>(() => InitialResponse.Parse(Pkt.Join(lines), RefSelection.Default)).Kind);
    }

    [Theory]
    [InlineData("ERR access denied or repository not exported: /x", RemoteFailureKind.NotFound)]
    [InlineData("ERR we are temporarily limiting you", RemoteFailureKind.Throttled)]
    [InlineData("ERR something else\n", RemoteFailureKind.RemoteError)]
    public void Error_line_is_the_remotes_failure(string line, RemoteFailureKind kind) => Assert.Equal(
        kind, Assert.Throws<RemoteFailureException>(() => InitialResponse.Parse(Pkt.Line(line), RefSelection.Default)).Failure.Kind);

    [Theory]
    [InlineData("ls-refs", "bundle-uri")]
    [InlineData("fetch", "object-info")]
    public void Server_without_the_two_commands_is_unsupported(string one, string two) => Assert.Equal(
        RemoteFailureKind.Unsupported,
        Assert.Throws<RemoteFailureException>(() => InitialResponse.Parse(Pkt.Join(Pkt.Line("version 2"), Pkt.Line(one), Pkt.Line(two), Pkt.Flush), RefSelection.Default)).Failure.Kind);
}
