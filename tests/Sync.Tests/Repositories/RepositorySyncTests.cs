using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Repositories;
using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.TestKit.Judges;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Actors.Sync.Tests.Repositories;

/// <summary>The whole of one sync: what it costs when nothing changed, where it may be cut, and what git says of the result.</summary>
public sealed class RepositorySyncTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_unchanged_visit_allocates_its_result_and_little_else()
    {
        var url = RepositoryUrl.Parse("https://example.org/some/repository");
        var client = new FaultyClient(null!) { AnswerProbe = () => new UnparsedReply { Digest = new AdvertisementDigest(1, 2), Requests = 1 } };
        var known = new RepositoryState { Url = url, Snapshot = SnapshotId.FromBytes(new byte[20]), Digest = new AdvertisementDigest(1, 2) };
        await using var objects = new MemoryObjectStore();
        var sync = new RepositorySync(client, objects, new MemoryHeadStore(), TimeProvider.System, NullLogger<RepositorySync>.Instance);
        var options = new SyncOptions();
        for (int warmUp = 0; warmUp < 100; warmUp++)
        {
            await sync.RunAsync(url, known, options, Token);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Task<SyncResult> run = sync.RunAsync(url, known, options, Token);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(run.IsCompletedSuccessfully);
        Assert.Equal(Outcome.Unchanged, (await run).Report.Outcome);
        Assert.InRange(allocated, 1, 1024);
    }

    [Fact]
    public async Task A_repository_that_moved_for_good_is_asked_at_its_new_place_and_keeps_its_name()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        bed.Make("new").AddHistory(3);
        RepositoryUrl name = bed.Url("old");
        RepositoryState known = new() { Url = name, Evidence = new RepositoryEvidence { Address = bed.Url("new") } };
        SyncResult moved = await bed.Sync.RunAsync(name, known, new SyncOptions(), Token);
        Assert.Equal((Outcome.New, name, bed.Url("new")), (moved.Report.Outcome, moved.Visit.Url, moved.Visit.MovedTo));
        Assert.NotNull(moved.FirstAnswerMs);
        Assert.Equal(0, bed.Forge.RequestsOf("old"));
    }

    [Fact]
    public async Task A_sync_cut_between_commit_and_record_is_repeated_without_a_fetch()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture source = bed.Make("cut").AddHistory(10);

        // The first visit is never recorded: the process died here.
        SyncResult lost = await bed.Sync.RunAsync(bed.Url("cut"), null, new SyncOptions(), Token);
        SyncReport again = (await bed.VisitAsync("cut")).Report;

        Assert.Equal((Outcome.New, Outcome.New), (lost.Report.Outcome, again.Outcome));
        Assert.Equal([Rung.HeadsOnly], again.Rungs);
        Assert.Equal(lost.Report.Snapshot, again.Snapshot);
        await bed.AssertHoldsAsync(source, "cut");
    }

    [Fact]
    public async Task What_a_store_on_disk_holds_after_all_rungs_is_sound_for_git()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        using var folder = new TemporaryFolder();
        LocalObjectStore objects = LocalObjectStore.Open(folder["store"], StoreAccess.Write, TimeProvider.System);
        await using var client = new GitClient(new GitClientOptions());
        var heads = new MemoryHeadStore();
        var sync = new RepositorySync(client, objects, heads, TimeProvider.System, NullLogger<RepositorySync>.Instance);
        GitFixture upstream = bed.Make("upstream").AddHistory(60, files: 40).AddTag("v1").AddUnusualTags();
        GitFixture fork = upstream.ForkTo(bed.At("fork")).SetRef("main", "main~10").AddHistory(3, files: 40);
        GitFixture squashed = upstream.SquashTo(bed.At("squashed")).AddCommit("main", "own", ("own", "own\n"));

        foreach (string name in (string[])["upstream", "fork", "squashed"])
        {
            Assert.Equal(Outcome.New, (await VisitAsync(name)).Outcome);
        }

        upstream.AddHistory(5, files: 40);
        Assert.Equal([Rung.OwnHeads], (await VisitAsync("upstream")).Rungs);
        await objects.DisposeAsync();

        var judge = new StoreJudge(Path.Combine(folder["store"], "objects"), folder.Make("scratch"));
        judge.AssertHolds(upstream);
        judge.AssertHolds(fork);
        judge.AssertHolds(squashed);
        judge.AssertClosed();

        async Task<SyncReport> VisitAsync(string name)
        {
            RepositoryState? known = (await heads.FindAsync([bed.Url(name)], Token))[0];
            SyncResult result = await sync.RunAsync(bed.Url(name), known, new SyncOptions(), Token);
            Assert.Null(result.Report.Error);
            await heads.RecordAsync([result.Visit], Token);
            return result.Report;
        }
    }

    [Fact]
    public async Task A_repository_on_this_machines_disk_climbs_the_same_ladder()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture upstream = bed.Make("upstream").AddHistory(60, files: 40);
        GitFixture fork = upstream.ForkTo(bed.At("fork")).SetRef("main", "main~10").AddHistory(3, files: 40);
        fork.Git.Run("config", "uploadpack.allowFilter", "true");
        await bed.VisitAsync("upstream");

        SyncResult result = await bed.Sync.RunAsync(RepositoryUrl.Parse(fork.Folder), null, new SyncOptions(), Token);

        Assert.Equal((Outcome.New, null), (result.Report.Outcome, result.Report.Error));
        Assert.Equal([Rung.CommitProbe], result.Report.Rungs);
    }

    [Fact]
    public async Task Many_syncs_of_related_repositories_at_once_leave_all_of_them_whole()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture upstream = bed.Make("upstream").AddHistory(40);
        GitFixture[] forks = [.. Enumerable.Range(0, 6).Select(i => upstream.ForkTo(bed.At($"fork{i}")).SetRef("main", $"main~{i * 3}").AddHistory(i))];

        await Task.WhenAll(forks.Select((_, i) => bed.VisitAsync($"fork{i}")));

        for (int i = 0; i < forks.Length; i++)
        {
            await bed.AssertHoldsAsync(forks[i], $"fork{i}");
        }
    }

    private sealed class UnparsedReply : ProbeReply
    {
        public override RefAdvertisement ReadRefs() => throw new InvalidOperationException("Nothing changed: nobody parses.");
    }
}
