using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Git.Wire;
using Actors.TestKit;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Git.Tests.Transcripts;

/// <summary>What real git answered (<c>record.sh</c> lies here), replayed: our requests are the recorded ones to the byte.</summary>
public sealed class TranscriptTests
{
    private static readonly string Folder = SourceTree.PathOf("tests", "Git.Tests", "Transcripts");
    private static readonly Dictionary<string, Oid> Oids = File.ReadLines(Path.Combine(Folder, "oids.txt")).Select(l => l.Split(' ')).ToDictionary(w => w[0], w => Oid.Parse(w[1]));

    [Theory]
    [InlineData("v0-advertisement", 0)]
    [InlineData("v1-advertisement", 1)]
    [InlineData("v2-advertisement", 2)]
    public void Recorded_server_has_this_profile(string name, int version)
    {
        InitialResponse said = InitialResponse.Parse(Read(name + ".reply"), RefSelection.Default);
        ServerProfile expected = version == 2
            ? new(2, ObjectFormat.Sha1, Filter: true, Shallow: true, WaitForDone: true, Unborn: true, said.Profile!.Agent)
            : new(version, ObjectFormat.Sha1, Filter: true, Shallow: true, Agent: said.Profile!.Agent);
        Assert.Equal(expected, said.Profile);
        Assert.StartsWith("git/", said.Profile.Agent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("default")]
    [InlineData("all")]
    [InlineData("refs/tags/*")]
    public void Advertisement_of_each_old_version_is_the_reply_to_ls_refs(string selection)
    {
        RefSelection refs = RefSelection.Parse(selection);
        byte[] all = Read("v2-ls-refs-all.reply");
        byte[] lines = AdvertisementScan.SelectedLines([], all.AsSpan(..^4), ObjectFormat.Sha1, refs);
        Assert.Equal(lines, InitialResponse.Parse(Read("v0-advertisement.reply"), refs).Legacy!.Lines.ToArray());
        Assert.Equal(lines, InitialResponse.Parse(Read("v1-advertisement.reply"), refs).Legacy!.Lines.ToArray());
    }

    [Theory]
    [InlineData("v2-ls-refs", "default")]
    [InlineData("v2-ls-refs-all", "all")]
    public void Ls_refs_is_asked_and_read_as_recorded(string name, string selection)
    {
        RefSelection refs = RefSelection.Parse(selection);
        Assert.Equal(Read(name + ".request"), LsRefsRequest.Encode(refs, ObjectFormat.Sha1, unborn: false));
        byte[] reply = Read(name + ".reply");
        Assert.Equal(new AdvertisementScan(AdvertisementState.Complete, reply.Length - 4, true), AdvertisementScan.Of(reply, ObjectFormat.Sha1, refs));
        IReadOnlyList<RefTip> tips = LsRefsReply.Parse(reply.AsSpan(..^4), ObjectFormat.Sha1, refs).Tips;
        Assert.Contains(new RefTip(RefName.Head, Oids["second"], null, RefName.Parse("refs/heads/main")), tips);
        Assert.Contains(new RefTip(RefName.Parse("refs/tags/v1"), Oids["tag"], Oids["first"]), tips);
        Assert.Equal(selection == "all", tips.Any(t => t.Name.StartsWith("refs/pull/"u8)));
    }

    [Theory]
    [InlineData("v2-clone", "", 6u)]
    [InlineData("v2-update", "first", 3u)]
    [InlineData("v0-clone", "", 6u)]
    [InlineData("v0-update", "first", 3u)]
    public async Task Pack_comes_as_recorded(string name, string have, uint objects)
    {
        (FetchResult result, byte[] pack) = await ReplayAsync(name, new FetchRequest { Wants = [Oids["second"]], Haves = have.Length > 0 ? [Oids[have]] : [], NothingInCommon = have.Length > 0 ? NothingInCommon.Stop : default });
        Assert.Null(result.Failure);
        Assert.True(result.PackReceived);
        Assert.Equal(have.Length > 0 ? [Oids[have]] : [], result.Common);
        AssertPack(pack, objects);
    }

    [Theory]
    [InlineData("v2-shallow")]
    [InlineData("v0-shallow")]
    public async Task Depth_and_filter_come_as_recorded(string name)
    {
        (FetchResult result, byte[] pack) = await ReplayAsync(name, new FetchRequest { Wants = [Oids["second"]], Deepen = 1, Filter = ObjectFilter.TreeNone });
        Assert.Null(result.Failure);
        Assert.Equal([Oids["second"]], result.Shallow);
        AssertPack(pack, 1);
    }

    [Theory]
    [InlineData("v2-stranger", "stranger", "")]
    [InlineData("v0-stranger", "stranger", "")]
    [InlineData("v2-tag-have", "tag", "tag")]
    public async Task Server_that_is_not_ready_sends_no_pack(string name, string have, string common)
    {
        (FetchResult result, byte[] pack) = await ReplayAsync(name, new FetchRequest { Wants = [Oids["second"]], Haves = [Oids[have]], NothingInCommon = NothingInCommon.Stop });
        Assert.Null(result.Failure);
        Assert.False(result.PackReceived);
        Assert.Empty(pack);
        Assert.Equal(common.Length > 0 ? [Oids[common]] : [], result.Common);
    }

    [Fact]
    public async Task Haves_are_told_apart_as_recorded()
    {
        (FetchResult result, byte[] pack) = await ReplayAsync("v2-common", new FetchRequest { Wants = [Oids["second"]], Haves = [Oids["first"], Oids["stranger"], Oids["tag"]], OnlyCommon = true });
        Assert.Null(result.Failure);
        Assert.Equal([Oids["first"], Oids["tag"]], result.Common);
        Assert.Empty(pack);
    }

    [Fact]
    public async Task Unknown_want_is_refused_as_recorded()
    {
        (FetchResult result, _) = await ReplayAsync("v2-not-our-ref", new FetchRequest { Wants = [Oids["stranger"]] });
        Assert.Equal(RemoteFailureKind.NotOurRef, result.Failure?.Kind);
    }

    private static async Task<(FetchResult Result, byte[] Pack)> ReplayAsync(string name, FetchRequest request)
    {
        string version = name[..2];
        byte[] recorded = Read(name + ".request");
        byte[]? asked = null;
        await using CannedServer server = new(sent =>
        {
            if (sent.Head.StartsWith("GET"u8))
            {
                return HttpAnswer.Advertisement(Read(version + "-advertisement.reply"));
            }

            asked = sent.Body.ToArray();
            return HttpAnswer.UploadPackResult(Read(name + ".reply"));
        });
        await using GitClient client = new(new GitClientOptions());
        MemoryStream pack = new();
        FetchResult result = await client.FetchAsync(
            RepositoryUrl.Parse(new Uri(server.Address, "r.git").AbsoluteUri), request, (stream, stop) => stream.CopyToAsync(pack, stop), default);
        Assert.Equal(System.Text.Encoding.ASCII.GetString(recorded), System.Text.Encoding.ASCII.GetString(asked!));
        return (result, pack.ToArray());
    }

    private static void AssertPack(byte[] pack, uint objects)
    {
        Assert.Equal([.. "PACK"u8, 0, 0, 0, 2], pack[..8]);
        Assert.Equal(objects, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(pack.AsSpan(8)));
        Assert.Equal(System.Security.Cryptography.SHA1.HashData(pack.AsSpan(..^20)), pack[^20..]);
    }

    private static byte[] Read(string file) => File.ReadAllBytes(Path.Combine(Folder, file));
}
