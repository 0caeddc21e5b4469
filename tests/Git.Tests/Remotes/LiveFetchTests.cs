using Actors.Git.Objects;
using Actors.Git.Remotes;
using Actors.TestKit;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.Git.Tests.Remotes;

/// <summary>Against real git, by every transport; git itself indexes what came.</summary>
public sealed class LiveFetchTests
{
    public static TheoryData<string> Transports => new("http", "http-v0", "git", "file", "ssh");

    /// <summary>ssh is the same pipe as a path's, once it stands.</summary>
    public static TheoryData<string> TransportsButSsh => new("http", "http-v0", "git", "file");

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Everything_comes_when_nothing_is_had(string transport)
    {
        await using Remote remote = await Remote.StartAsync(transport);
        GitFixture repository = remote.Add("a.git").AddHistory(40).AddTag("v1");
        (FetchResult result, GitCommand copy) = await FetchAsync(remote, new FetchRequest { Wants = [OidOf(repository, "main"), OidOf(repository, "v1")] });
        Assert.Null(result.Failure);
        Assert.True(result.PackReceived);
        Assert.True(result.BytesReceived > 0);
        Assert.Equal(repository.CountObjects(), CountObjects(copy));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Update_is_a_thin_pack_of_what_is_new(string transport)
    {
        await using Remote remote = await Remote.StartAsync(transport);
        GitFixture repository = remote.Add("a.git").AddHistory(30);
        Oid before = OidOf(repository, "main");
        repository.AddHistory(2);
        (FetchResult result, GitCommand copy) = await FetchAsync(
            remote, new FetchRequest { Wants = [OidOf(repository, "main")], Haves = [before], NothingInCommon = NothingInCommon.Stop }, repository);
        Assert.Null(result.Failure);
        Assert.Equal([before], result.Common);
        Assert.True(result.PackReceived);
        Assert.Equal(repository.CountObjects(), CountObjects(copy));
        Assert.InRange(result.BytesReceived, 1, 20_000);
    }

    [Theory]
    [MemberData(nameof(TransportsButSsh))]
    public async Task Common_commit_in_a_late_round_is_found(string transport)
    {
        await using Remote remote = await Remote.StartAsync(transport);
        GitFixture repository = remote.Add("a.git").AddHistory(30);
        Oid before = OidOf(repository, "main");
        repository.AddHistory(2);
        Oid[] strangers = [.. Enumerable.Range(1, 3 * Limits.HavesPerRound).Select(i => Oid.Parse(i.ToString("x40", null)))];
        (FetchResult result, GitCommand copy) = await FetchAsync(
            remote, new FetchRequest { Wants = [OidOf(repository, "main")], Haves = [.. strangers, before], NothingInCommon = NothingInCommon.Stop }, repository);
        Assert.Null(result.Failure);
        Assert.True(result.PackReceived);
        Assert.Equal([before], result.Common);
        Assert.Equal(repository.CountObjects(), CountObjects(copy));
    }

    [Theory]
    [MemberData(nameof(TransportsButSsh))]
    public async Task Unknown_haves_end_without_a_pack_when_told_to_stop(string transport)
    {
        await using Remote remote = await Remote.StartAsync(transport);
        GitFixture repository = remote.Add("a.git").AddHistory(5);
        FetchResult result = await remote.Client.FetchAsync(
            remote.UrlOf("a.git"),
            new FetchRequest { Wants = [OidOf(repository, "main")], Haves = [Oid.Parse(new string('1', 40))], NothingInCommon = NothingInCommon.Stop },
            (_, _) => throw new InvalidOperationException("a pack came"),
            default);
        Assert.Null(result.Failure);
        Assert.False(result.PackReceived);
        Assert.Empty(result.Common);
    }

    [Theory]
    [MemberData(nameof(TransportsButSsh))]
    public async Task Unknown_haves_bring_everything_when_told_so(string transport)
    {
        await using Remote remote = await Remote.StartAsync(transport);
        GitFixture repository = remote.Add("a.git").AddHistory(5);
        (FetchResult result, GitCommand copy) = await FetchAsync(
            remote, new FetchRequest { Wants = [OidOf(repository, "main")], Haves = [Oid.Parse(new string('1', 40))] });
        Assert.Null(result.Failure);
        Assert.Equal(repository.CountObjects(), CountObjects(copy));
    }

    [Theory]
    [MemberData(nameof(TransportsButSsh))]
    public async Task Deepen_tells_where_history_was_cut(string transport)
    {
        await using Remote remote = await Remote.StartAsync(transport);
        GitFixture repository = remote.Add("a.git").AddHistory(10);
        (FetchResult result, GitCommand copy) = await FetchAsync(remote, new FetchRequest { Wants = [OidOf(repository, "main")], Deepen = 3 });
        Assert.Null(result.Failure);
        Assert.Equal([OidOf(repository, "main~2")], result.Shallow);
        Assert.Equal(3, CountObjects(copy, "commit"));
    }

    [Theory]
    [MemberData(nameof(TransportsButSsh))]
    public async Task Shallow_remote_tells_where_its_history_ends(string transport)
    {
        await using Remote remote = await Remote.StartAsync(transport);
        GitFixture repository = remote.Add("a.git").AddHistory(10);
        new GitCommand(remote.Folder).Run("clone", "-q", "--bare", "--depth=4", "file://" + repository.Folder, "cut.git");
        FetchResult result = await remote.Client.FetchAsync(
            remote.UrlOf("cut.git"), new FetchRequest { Wants = [OidOf(repository, "main")] }, (pack, stop) => pack.CopyToAsync(Stream.Null, stop), default);
        Assert.Null(result.Failure);
        Assert.Equal([OidOf(repository, "main~3")], result.Shallow);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("http-v0")]
    public async Task Filter_leaves_out_blobs(string transport)
    {
        await using Remote remote = await Remote.StartAsync(transport);
        GitFixture repository = remote.Add("a.git").AddHistory(10);
        (FetchResult result, GitCommand copy) = await FetchAsync(remote, new FetchRequest { Wants = [OidOf(repository, "main")], Filter = ObjectFilter.BlobNone });
        Assert.Null(result.Failure);
        Assert.Equal((10, 0), (CountObjects(copy, "commit"), CountObjects(copy, "blob")));
    }

    [Fact]
    public async Task Filter_that_the_server_does_not_offer_is_unsupported()
    {
        await using Remote remote = await Remote.StartAsync("file");
        GitFixture repository = remote.Add("a.git").AddHistory(1);
        repository.Git.Run("config", "uploadpack.allowFilter", "false");
        FetchResult result = await remote.Client.FetchAsync(
            remote.UrlOf("a.git"), new FetchRequest { Wants = [OidOf(repository, "main")], Filter = ObjectFilter.TreeNone }, (_, _) => Task.CompletedTask, default);
        Assert.Equal(RemoteFailureKind.Unsupported, result.Failure?.Kind);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Object_that_the_remote_lacks_is_not_our_ref(string transport)
    {
        await using Remote remote = await Remote.StartAsync(transport);
        remote.Add("a.git").AddHistory(1);
        FetchResult result = await remote.Client.FetchAsync(
            remote.UrlOf("a.git"), new FetchRequest { Wants = [Oid.Parse(new string('1', 40))] }, (_, _) => Task.CompletedTask, default);
        Assert.Equal(RemoteFailureKind.NotOurRef, result.Failure?.Kind);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("git")]
    [InlineData("file")]
    [InlineData("ssh")]
    public async Task Only_common_asks_what_the_remote_has_and_never_brings_a_pack(string transport)
    {
        await using Remote remote = await Remote.StartAsync(transport);
        GitFixture repository = remote.Add("a.git").AddHistory(9);
        Oid[] known = [OidOf(repository, "main"), OidOf(repository, "main~3"), OidOf(repository, "main:")];
        Oid[] strangers = [.. Enumerable.Range(1, Limits.HavesPerRound).Select(i => Oid.Parse(i.ToString("x40", null)))];
        FetchResult result = await remote.Client.FetchAsync(
            remote.UrlOf("a.git"), new FetchRequest { Wants = [known[0]], Haves = [known[0], .. strangers, known[1], known[2]], OnlyCommon = true },
            (_, _) => throw new InvalidOperationException("a pack came"), default);
        Assert.Null(result.Failure);
        Assert.False(result.PackReceived);
        Assert.Equal(known.Order(), result.Common.Order());
    }

    [Theory]
    [MemberData(nameof(TransportsButSsh))]
    public async Task Progress_is_told_as_lines(string transport)
    {
        await using Remote remote = await Remote.StartAsync(transport);
        GitFixture repository = remote.Add("a.git").AddHistory(20);
        List<string> lines = [];
        await FetchAsync(remote, new FetchRequest { Wants = [OidOf(repository, "main")], Progress = new Lines(lines) });
        Assert.Contains(lines, l => l.StartsWith("Enumerating objects", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, l => l.AsSpan().ContainsAny('\r', '\n'));
    }

    [Theory]
    [MemberData(nameof(TransportsButSsh))]
    public async Task Pack_over_the_limit_ends_the_fetch_through_the_receiver(string transport)
    {
        await using Remote remote = await Remote.StartAsync(transport);
        GitFixture repository = remote.Add("a.git").AddHistory(50);
        FetchResult result = await remote.Client.FetchAsync(
            remote.UrlOf("a.git"),
            new FetchRequest { Wants = [OidOf(repository, "main")], PackBytesMax = 1000 },
            (pack, stop) => pack.CopyToAsync(Stream.Null, stop),
            default);
        Assert.Equal(RemoteFailureKind.OverLimit, result.Failure?.Kind);
        Assert.False(result.PackReceived);
    }

    [Theory]
    [MemberData(nameof(TransportsButSsh))]
    public async Task What_the_receiver_throws_reaches_the_caller(string transport)
    {
        await using Remote remote = await Remote.StartAsync(transport);
        GitFixture repository = remote.Add("a.git").AddHistory(5);
        GitFormatException thrown = await Assert.ThrowsAsync<GitFormatException>(() => remote.Client.FetchAsync(
            remote.UrlOf("a.git"),
            new FetchRequest { Wants = [OidOf(repository, "main")] },
            (_, _) => throw new GitFormatException(GitFormatError.Checksum, "not this pack"),
            default));
        Assert.Equal("not this pack", thrown.Message);
    }

    /// <summary>Fetches into a new repository; with <paramref name="known"/>, into one that has that repository's objects for thin packs.</summary>
    private static async Task<(FetchResult Result, GitCommand Copy)> FetchAsync(Remote remote, FetchRequest request, GitFixture? known = null)
    {
        GitCommand copy = new(Path.Combine(remote.Folder, "..", "copy"));
        copy.Run("init", "-q", "--bare");
        if (known is not null)
        {
            foreach (Oid have in request.Haves.Where(h => known.Git.Try([], "cat-file", "-e", h.ToString()).ExitCode == 0))
            {
                copy.Run("fetch", "-q", known.Folder, have.ToString());
            }
        }

        FetchResult result = await remote.Client.FetchAsync(remote.UrlOf("a.git"), request, async (pack, stop) =>
        {
            MemoryStream bytes = new();
            await pack.CopyToAsync(bytes, stop);
            copy.Run(bytes.ToArray(), "index-pack", "--stdin", "--fix-thin");
        }, default);
        return (result, copy);
    }

    private static int CountObjects(GitCommand git, string type = "") =>
        git.Lines("cat-file", "--batch-check=%(objecttype)", "--batch-all-objects").Count(l => type.Length == 0 || l == type);

    private static Oid OidOf(GitFixture repository, string revision) => Oid.Parse(repository.Oid(revision));

    private sealed class Lines(List<string> lines) : IProgress<string>
    {
        public void Report(string value) => lines.Add(value);
    }
}
