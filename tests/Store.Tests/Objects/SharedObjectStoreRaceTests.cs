using Actors.Git.Objects;
using Actors.Store.Blobs;
using Actors.Store.Catalogue;
using Actors.Store.Checks;
using Actors.Store.Objects;
using Actors.TestKit.Clocks;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Store.Tests.Objects;

/// <summary>Two and more processes on one shared store, brought to meet at chosen steps.</summary>
public sealed class SharedObjectStoreRaceTests(SharedPostgres postgres)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Same_objects_from_two_processes_at_once_are_new_once_and_visible_once()
    {
        using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip);
        var history = new TestHistory();
        using var meeting = new Barrier(2);
        SharedStoreOptions options = SharedStores.Options with { Step = step => Meet(meeting, step == "upload-begun") };
        await using SharedObjectStore one = await stores.OpenAsync(options);
        await using SharedObjectStore two = await stores.OpenAsync(options);
        var told = new System.Collections.Concurrent.ConcurrentQueue<Oid>();

        // Both have looked and found nothing, and both upload, before either commits.
        CommitResult[] results = await Task.WhenAll(new[] { one, two }.Select(store => Task.Run(() => IngestAsync(store, history, told.Enqueue), Stop)));

        Assert.All(results, result => Assert.Equal(CommitStatus.Committed, result.Status));
        Assert.Equal([0, history.Objects.Count], results.Select(result => (int)result.NewObjects).Order());
        Assert.Equal(history.Objects.Keys.Order(), told.Order());
        Assert.Equal((1, history.Objects.Count), await CountAsync(one));
        Assert.Equal(2, await CountBlobsAsync(stores));
        await AssertSoundAsync(two, history);
    }

    [Fact]
    public async Task Overlapping_ingests_of_two_processes_leave_copies_that_a_compaction_removes()
    {
        using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip);
        var history = new TestHistory();
        using var meeting = new Barrier(2);
        SharedStoreOptions options = SharedStores.Options with { Step = step => Meet(meeting, step == "upload-begun" && meeting.CurrentPhaseNumber == 0) };
        await using SharedObjectStore one = await stores.OpenAsync(options);
        await using SharedObjectStore two = await stores.OpenAsync(options);
        CommitResult[] results = await Task.WhenAll(
            Task.Run(() => IngestAsync(one, history), Stop),
            Task.Run(() => IngestAsync(two, history, null, oid => history.Objects[oid].Type == ObjectType.Blob, new TestHistory("more")), Stop));

        int blobs = history.Objects.Values.Count(one => one.Type == ObjectType.Blob);
        Assert.Equal((2 * history.Objects.Count, 1, 2), ((int)results.Sum(one => one.NewObjects), results.Count(one => one.KnownObjects == blobs), (await CountAsync(one)).Packs));
        Assert.Equal((2 * history.Objects.Count) + blobs, (await CountAsync(one)).Objects);
        CompactionResult compacted = await two.CompactAsync(new CompactionOptions { Full = true }, Stop);
        Assert.Equal((2, 1, (long)blobs), (compacted.PacksBefore, compacted.PacksAfter, compacted.DuplicatesDropped));
        Assert.Equal((1, 2 * history.Objects.Count), await CountAsync(one));
        await AssertSoundAsync(one, history);
    }

    [Fact]
    public async Task Collision_with_what_another_process_commits_meanwhile_is_found()
    {
        using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip);
        var history = new TestHistory();
        var forged = new GitObject(ObjectType.Blob, TestPack.Blob("not what it says"));
        bool isForged = false;
        await using SharedObjectStore store = await stores.OpenAsync(SharedStores.Options with
        {
            Step = step =>
            {
                if (!isForged && (isForged = step == "upload-begun"))
                {
                    Run(() => stores.PublishAsync([new(history.Blob, forged)]));
                }
            },
        });
        CommitResult result = await IngestAsync(store, history);

        Assert.Equal((CommitStatus.Collision, history.Blob), (result.Status, result.Colliding));
        bool[] present = new bool[1];
        await store.ContainsAsync(new[] { history.Commit }, present, Stop);
        Assert.Equal([false], present.ToList());
        _ = Assert.Single(await store.ListAsideAsync(Stop).ToListAsync(Stop));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)] // So many that it takes the lock before it looks.
    public async Task Ingest_of_many_objects_commits_however_many_others_commit_in_between(int others)
    {
        using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip);
        await using SharedObjectStore other = await stores.OpenAsync();
        int left = others;
        await using SharedObjectStore store = await stores.OpenAsync(SharedStores.Options with
        {
            OidsInCatalogueMax = 0,
            Step = step =>
            {
                // Between the upload and the commit, and again before each further attempt.
                if (step is "blob-uploaded" or "looked-again" && left > 0)
                {
                    Run(() => IngestAsync(other, new TestHistory($"other {left--}")));
                }
            },
        });
        var history = new TestHistory();
        Assert.Equal(history.Objects.Count, (await IngestAsync(store, history)).NewObjects);
        Assert.Equal(0, left);
        await AssertSoundAsync(other, history);
    }

    [Theory]
    [InlineData(90, 90, "other", 0)]
    [InlineData(90, 90, "first line", 1)]
    [InlineData(90, 0, "other", 1)]
    [InlineData(0, 90, "other", 1)]
    public async Task Packs_that_came_meanwhile_are_looked_at_only_if_they_may_have_objects_of_ours(int oidsOfOurs, int oidsOfOthers, string text, int looks)
    {
        using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip);
        await using SharedObjectStore other = await stores.OpenAsync(SharedStores.Options with { OidsInCatalogueMax = oidsOfOthers });
        TestHistory ours = new(), others = new(text);
        int looked = 0;
        bool isCommitted = false;
        await using SharedObjectStore store = await stores.OpenAsync(SharedStores.Options with
        {
            OidsInCatalogueMax = oidsOfOurs,
            Step = step =>
            {
                looked += step == "looked-again" ? 1 : 0;
                if (!isCommitted && (isCommitted = step == "committing"))
                {
                    // Of ours, or of another history, one object; and then others that nobody else has.
                    Run(() => IngestAsync(other, others, chosen: oid => oid == others.Blob));
                    Run(() => IngestAsync(other, new TestHistory("another")));
                }
            },
        });
        CommitResult result = await IngestAsync(store, ours);
        Assert.Equal((CommitStatus.Committed, looks), (result.Status, looked));
        Assert.Equal(ours.Objects.Count - (ours.Blob == others.Blob ? 1 : 0), result.NewObjects);

        // Both have all of it, whoever told its oids.
        await AssertSoundAsync(store, ours);
        await AssertSoundAsync(other, ours);
    }

    [Fact]
    public async Task Upload_that_was_swept_meanwhile_fails_the_ingest_and_leaves_nothing()
    {
        using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip);
        var history = new TestHistory();
        await using SharedObjectStore other = await stores.OpenAsync(clock: new ManualTimeProvider(DateTimeOffset.UtcNow + TimeSpan.FromDays(2)));
        int uploaded = 0;
        await using SharedObjectStore slow = await stores.OpenAsync(SharedStores.Options with
        {
            Step = step =>
            {
                if (step == "blob-uploaded" && ++uploaded == 1)
                {
                    Run(async () => Assert.Equal(2, await other.SweepAsync(Stop)));
                }
            },
        });
        await Assert.ThrowsAsync<IOException>(() => IngestAsync(slow, history));
        Assert.Equal((0, 0), await CountAsync(other));

        // The second blob came after the sweep: it is stray, and goes with the next one.
        Assert.Equal(1, await CountBlobsAsync(stores));
        Assert.Equal(1, await other.SweepAsync(Stop));
        Assert.Equal(0, await CountBlobsAsync(stores));
        Assert.Equal(history.Objects.Count, (await IngestAsync(slow, history)).NewObjects);
    }

    [Fact]
    public async Task Sweep_leaves_uploads_alone_that_are_on_their_way()
    {
        using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip);
        var history = new TestHistory();
        await using SharedObjectStore other = await stores.OpenAsync(SharedStores.Options with { ReplacedGrace = TimeSpan.Zero });
        await using SharedObjectStore store = await stores.OpenAsync(SharedStores.Options with { Step = _ => Run(() => other.SweepAsync(Stop)) });
        Assert.Equal(history.Objects.Count, (await IngestAsync(store, history)).NewObjects);
        await AssertSoundAsync(other, history);
    }

    [Fact]
    public async Task Reader_finds_objects_whose_packs_were_merged_and_removed()
    {
        using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip);
        TestHistory[] histories = [.. Enumerable.Range(0, 4).Select(i => new TestHistory($"line {i}"))];
        await using SharedObjectStore store = await stores.OpenAsync(SharedStores.Options with { ReplacedGrace = TimeSpan.FromTicks(-TimeSpan.TicksPerMinute) });
        foreach (TestHistory history in histories)
        {
            await IngestAsync(store, history);
        }

        await using SharedObjectStore reader = await stores.OpenAsync(SharedStores.Options with { RefreshInterval = TimeSpan.FromDays(1) });
        await store.CompactAsync(new CompactionOptions { Full = true }, Stop);
        Assert.Equal(2, await CountBlobsAsync(stores));
        foreach (TestHistory history in histories)
        {
            await AssertHoldsAsync(reader, history);
            var types = new ObjectType[history.Objects.Count];
            await reader.ReadTypesAsync(history.Objects.Keys.ToArray(), types, Stop);
            Assert.Equal(history.Objects.Values.Select(one => one.Type), types);
            _ = await reader.WritePackAsync([.. history.Objects.Keys], Stream.Null, Stop);
        }
    }

    [Fact]
    public async Task Compaction_that_lost_its_lease_changes_nothing()
    {
        using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip);
        TestHistory[] histories = [.. Enumerable.Range(0, 4).Select(i => new TestHistory($"line {i}"))];
        var later = new ManualTimeProvider(DateTimeOffset.UtcNow + TimeSpan.FromHours(1));
        await using SharedObjectStore other = await stores.OpenAsync(clock: later);
        await using SharedObjectStore slow = await stores.OpenAsync(SharedStores.Options with
        {
            Step = step =>
            {
                if (step == "merged-written")
                {
                    Run(() => other.CompactAsync(new CompactionOptions { Full = true }, Stop));
                }
            },
        });
        foreach (TestHistory history in histories)
        {
            await IngestAsync(slow, history);
        }

        CompactionResult result = await slow.CompactAsync(new CompactionOptions { Full = true }, Stop);
        Assert.Equal(0, result.DuplicatesDropped);
        Assert.Equal((1, histories.Sum(one => one.Objects.Count)), await CountAsync(slow));
        await AssertSoundAsync(other, histories);
    }

    [Fact]
    public async Task One_process_compacts_at_a_time()
    {
        using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip);
        await using SharedObjectStore other = await stores.OpenAsync();
        CompactionResult? meanwhile = null;
        await using SharedObjectStore store = await stores.OpenAsync(SharedStores.Options with
        {
            Step = step =>
            {
                if (step == "merged-written")
                {
                    Run(async () => meanwhile = await other.CompactAsync(new CompactionOptions { Full = true }, Stop));
                }
            },
        });
        await IngestAsync(store, new TestHistory("one"));
        await IngestAsync(store, new TestHistory("two"));
        Assert.Equal((2, 1), Packs(await store.CompactAsync(new CompactionOptions { Full = true }, Stop)));
        Assert.Equal((2, 2), Packs(meanwhile!));

        static (int, int) Packs(CompactionResult result) => (result.PacksBefore, result.PacksAfter);
    }

    [Fact]
    public async Task Readers_ingests_and_compactions_of_several_processes_go_on_at_once()
    {
        using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip);
        SharedStoreOptions options = SharedStores.Options with { ReplacedGrace = TimeSpan.Zero, MergedAtOnce = 3, OpenPacksMax = 3, CacheBytesMax = 4096 };
        await using SharedObjectStore one = await stores.OpenAsync(options);
        await using SharedObjectStore two = await stores.OpenAsync(options);
        TestHistory[] histories = [.. Enumerable.Range(0, 24).Select(i => new TestHistory($"line {i % 16}"))];
        await Task.WhenAll(histories.Select((history, i) => Task.Run(
            async () =>
            {
                SharedObjectStore mine = i % 2 == 0 ? one : two;
                Assert.Equal(CommitStatus.Committed, (await IngestAsync(mine, history)).Status);
                await AssertHoldsAsync(i % 3 == 0 ? one : two, history);
                await mine.CompactIfDueAsync(Stop);
            },
            Stop)));
        await one.CompactAsync(new CompactionOptions { Full = true }, Stop);
        await AssertSoundAsync(two, histories);
        Assert.Equal((1, 16 * histories[0].Objects.Count), await CountAsync(one));
    }

    /// <summary>Runs what another process does while this one stands at a step.</summary>
    private static void Run(Func<Task> work) => Task.Run(work, Stop).GetAwaiter().GetResult();

    private static void Meet(Barrier meeting, bool here)
    {
        if (here)
        {
            meeting.SignalAndWait(Stop);
        }
    }

    private static async Task<CommitResult> IngestAsync(
        SharedObjectStore store, TestHistory history, Action<Oid>? told = null, Func<Oid, bool>? chosen = null, TestHistory? more = null)
    {
        await using IPackIngest ingest = await store.BeginIngestAsync(new IngestOptions { Threads = 1 }, Stop);
        await ingest.AddAsync(history.Pack(chosen).ToStream(), Stop);
        if (more is not null)
        {
            await ingest.AddAsync(more.Pack().ToStream(), Stop);
        }

        return await ingest.CommitAsync("test", told is null ? null : (oid, _) => told(oid), Stop);
    }

    private static async Task<(int Packs, int Objects)> CountAsync(SharedObjectStore store)
    {
        StoreFigures figures = await store.ReadFiguresAsync(Stop);
        return (figures.Packs, (int)figures.Objects);
    }

    private static async Task<int> CountBlobsAsync(SharedStores stores)
    {
        await using IBlobStore blobs = stores.OpenBlobs();
        return await blobs.ListAsync(BlobNames.Packs, Stop).CountAsync(Stop);
    }

    private static async Task AssertHoldsAsync(SharedObjectStore store, TestHistory history)
    {
        foreach ((Oid oid, GitObject one) in history.Objects)
        {
            Assert.Equal(one.Content.ToArray(), (await store.ReadAsync(oid, 1 << 20, Stop))!.Content.ToArray());
        }
    }

    private static async Task AssertSoundAsync(SharedObjectStore store, params TestHistory[] held)
    {
        Assert.Empty(await new StoreCheck(store, null, new StoreCheckOptions { Threads = 1 }).RunAsync(Stop).ToListAsync(Stop));
        foreach (TestHistory history in held)
        {
            await AssertHoldsAsync(store, history);
        }
    }
}
