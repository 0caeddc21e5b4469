using System.Text;
using Actors.Git.Objects;
using Actors.Git.Remotes;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Git.Tests.Remotes;

/// <summary>Fetches in v0 on a <c>git://</c> connection, typed at both ends, from servers with more and fewer capabilities than git's own.</summary>
public sealed class LegacyFetchTests
{
    private static readonly Oid Want = Oid.Parse(new string('1', 40));
    private static readonly Oid Have = Oid.Parse(new string('2', 40));
    private static readonly byte[] Pack = Encoding.ASCII.GetBytes("PACK pretended");

    [Fact]
    public async Task Greeting_is_exact()
    {
        byte[] greeting = [];
        await using ScriptedSocket server = new(async connection =>
        {
            greeting = await connection.ReadUntilAsync("version=2\0"u8.ToArray());
            await connection.SendAsync(Pkt.Line("ERR access denied or repository not exported: /a b.git"));
        });
        await using GitClient client = new(new GitClientOptions());
        ProbeReply reply = await client.ProbeAsync(RepositoryUrl.Parse($"git://127.0.0.1:{server.Port}/a%20b.git"), Actors.Git.Refs.RefSelection.Default, default);
        Assert.Equal(Pkt.Line($"git-upload-pack /a b.git\0host=127.0.0.1:{server.Port}\0\0version=2\0"), greeting);
        Assert.Equal(RemoteFailureKind.NotFound, reply.Failure?.Kind);
    }

    [Fact]
    public async Task No_done_server_sends_the_pack_when_ready() => AssertPack(
        await PlayAsync(
            "multi_ack_detailed no-done side-band-64k ofs-delta", new FetchRequest { Wants = [Want], Haves = [Have], NothingInCommon = NothingInCommon.Stop },
            ($"0065want {Want} multi_ack_detailed no-done side-band-64k ofs-delta\n00000032have {Have}\n0000",
                Pkt.Join(Pkt.Line($"ACK {Have} common\n"), Pkt.Line($"ACK {Have} ready\n"), Pkt.Line("NAK\n"), Pkt.Line($"ACK {Have}\n"), Pkt.Sideband(1, Pack), Pkt.Flush))),
        Have);

    [Fact]
    public async Task Ready_server_without_no_done_is_told_done() => AssertPack(
        await PlayAsync(
            "multi_ack_detailed side-band-64k", new FetchRequest { Wants = [Want], Haves = [Have], NothingInCommon = NothingInCommon.Stop },
            ($"0053want {Want} multi_ack_detailed side-band-64k\n00000032have {Have}\n0000",
                Pkt.Join(Pkt.Line($"ACK {Have} common\n"), Pkt.Line($"ACK {Have} ready\n"), Pkt.Line("NAK\n"))),
            ("0009done\n", Pkt.Join(Pkt.Line($"ACK {Have}\n"), Pkt.Sideband(1, Pack), Pkt.Flush))),
        Have);

    [Fact]
    public async Task Multi_ack_server_is_told_done_when_haves_are_used_up() => AssertPack(
        await PlayAsync(
            "multi_ack side-band", new FetchRequest { Wants = [Want], Haves = [Have] },
            ($"0046want {Want} multi_ack side-band\n00000032have {Have}\n0000", Pkt.Join(Pkt.Line($"ACK {Have} continue\n"), Pkt.Line("NAK\n"))),
            ("0009done\n", Pkt.Join(Pkt.Line($"ACK {Have}\n"), Pkt.Sideband(1, Pack), Pkt.Flush))),
        Have);

    [Fact]
    public async Task Oldest_server_sends_a_raw_pack_after_its_one_ack() => AssertPack(
        await PlayAsync(
            "agent=old", new FetchRequest { Wants = [Want], Haves = [Have] },
            ($"0032want {Want}\n00000032have {Have}\n0000", Pkt.Line($"ACK {Have}\n")),
            ("0009done\n", Pack)),
        Have);

    [Fact]
    public async Task Oldest_server_without_anything_common_says_nak_twice() => AssertPack(
        await PlayAsync(
            "agent=old", new FetchRequest { Wants = [Want], Haves = [Have] },
            ($"0032want {Want}\n00000032have {Have}\n0000", Pkt.Line("NAK\n")),
            ("0009done\n", Pkt.Join(Pkt.Line("NAK\n"), Pack))));

    [Fact]
    public async Task Ready_is_no_proof_that_the_server_has_it() => AssertPack(
        await PlayAsync(
            "multi_ack_detailed no-done side-band-64k", new FetchRequest { Wants = [Want], Haves = [Have] },
            ($"005bwant {Want} multi_ack_detailed no-done side-band-64k\n00000032have {Have}\n0000",
                Pkt.Join(Pkt.Line($"ACK {Have} ready\n"), Pkt.Line("NAK\n"), Pkt.Line($"ACK {Have}\n"), Pkt.Sideband(1, Pack), Pkt.Flush))));

    [Theory]
    [InlineData("ACK 123 common\n", RemoteFailureKind.Malformed)]
    [InlineData("ACK 2222222222222222222222222222222222222222 perhaps\n", RemoteFailureKind.Malformed)]
    [InlineData("ACK 2222222222222222222222222222222222222222\n", RemoteFailureKind.Malformed)]
    [InlineData("packfile\n", RemoteFailureKind.Malformed)]
    [InlineData("ERR too many requests", RemoteFailureKind.Throttled)]
    public async Task Odd_acknowledgment_is_a_failure(string line, RemoteFailureKind kind)
    {
        (FetchResult result, byte[]? received) = await PlayAsync(
            "multi_ack_detailed side-band-64k", new FetchRequest { Wants = [Want], Haves = [Have] },
            ($"0053want {Want} multi_ack_detailed side-band-64k\n00000032have {Have}\n0000", Pkt.Line(line)));
        Assert.Equal(kind, result.Failure?.Kind);
        Assert.Null(received);
    }

    [Fact]
    public async Task Only_advertised_objects_are_wanted()
    {
        (FetchResult result, _) = await PlayAsync("multi_ack_detailed", new FetchRequest { Wants = [Have] });
        Assert.Equal(RemoteFailureKind.NotOurRef, result.Failure?.Kind);
    }

    private static void AssertPack((FetchResult Result, byte[]? Received) played, params Oid[] common)
    {
        Assert.Null(played.Result.Failure);
        Assert.Equal(Pack, played.Received);
        Assert.Equal(common, played.Result.Common);
    }

    /// <summary>Each step: what the client must say, to the byte, and what the server answers; then the server closes.</summary>
    private static async Task<(FetchResult Result, byte[]? Received)> PlayAsync(string capabilities, FetchRequest request, params (string Asked, byte[] Answer)[] steps)
    {
        await using ScriptedSocket server = new(async connection =>
        {
            await connection.ReadUntilAsync("version=2\0"u8.ToArray());
            await connection.SendAsync(Pkt.Join(Pkt.Line($"{Want} refs/heads/main\0{capabilities}\n"), Pkt.Flush));
            foreach ((string asked, byte[] answer) in steps)
            {
                Assert.Equal(asked, Encoding.ASCII.GetString(await connection.ReadAsync(asked.Length)));
                await connection.SendAsync(answer);
            }
        });
        await using GitClient client = new(new GitClientOptions());
        byte[]? received = null;
        FetchResult result = await client.FetchAsync(
            RepositoryUrl.Parse($"git://127.0.0.1:{server.Port}/a"), request with { Progress = new Progress<string>(), ThinPack = false },
            async (pack, stop) =>
            {
                MemoryStream bytes = new();
                await pack.CopyToAsync(bytes, stop);
                received = bytes.ToArray();
            },
            default);
        return (result, received);
    }
}
