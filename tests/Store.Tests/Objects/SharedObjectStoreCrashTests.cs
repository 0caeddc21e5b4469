using Actors.Git.Objects;
using Actors.Store.Blobs;
using Actors.Store.Catalogue;
using Actors.Store.Checks;
using Actors.Store.Objects;
using Actors.TestKit.Clocks;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Store.Tests.Objects;

/// <summary>
/// What a killed process leaves of a shared store, at every step: what was committed is there, what is visible is closed, another process
/// goes on and converges, and two days later only the blobs of visible packs and of packs aside are left.
/// </summary>
public sealed class SharedObjectStoreCrashTests(SharedPostgres postgres)
{
    private readonly TestHistory _first = new("first");
    private readonly TestHistory _second = new("second");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_ingest_leaves_a_closed_store_and_another_process_converges()
    {
        string[] steps = await RunAsync(
            store => IngestAsync(store, _first),
            store => IngestAsync(store, _second),
            [_first],
            [_first, _second]);
        Assert.Equal(["upload-begun", "blob-uploaded", "blob-uploaded", "committing", "committed"], steps);
    }

    [Fact]
    public async Task Killed_keeping_aside_leaves_all_or_nothing_aside()
    {
        string[] steps = await RunAsync(
            store => IngestAsync(store, _first),
            store => IngestAsync(store, _second, oid => oid != _second.Blob),
            [_first],
            [_first],
            aside: 1);
        Assert.Equal(["upload-begun", "blob-uploaded", "blob-uploaded", "kept-aside"], steps);
    }

    [Fact]
    public async Task Killed_reconsideration_leaves_the_packs_aside_or_visible()
    {
        string[] steps = await RunAsync(
            async store =>
            {
                await IngestAsync(store, _first, oid => oid != _first.Blob);
                await IngestAsync(store, _second, oid => oid != _second.Blob);
                await IngestAsync(store, _first, oid => oid == _first.Blob);
                await IngestAsync(store, _second, oid => oid == _second.Blob);
            },
            async store => await store.ReconsiderAsideAsync(Stop),
            [],
            [_first, _second]);
        Assert.Equal(["upload-begun", "blob-uploaded", "blob-uploaded", "committing", "committed", "aside-removed"], steps[..6]);
        Assert.Equal(12, steps.Length);
    }

    [Fact]
    public async Task Killed_compaction_loses_nothing_and_another_process_converges()
    {
        string[] steps = await RunAsync(
            async store =>
            {
                await IngestAsync(store, _first);
                await IngestAsync(store, _second);
            },
            store => store.CompactAsync(new CompactionOptions { Full = true }, Stop),
            [_first, _second],
            [_first, _second]);
        Assert.Equal(["merged-written", "upload-begun", "blob-uploaded", "blob-uploaded", "commit-locked", "committed", "replaced-taken"], steps);
    }

    [Fact]
    public async Task Killed_sweep_leaves_what_the_next_one_removes()
    {
        for (int number = 1; ; number++)
        {
            using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip);
            var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
            await AbandonAsync(stores, clock);
            clock.Advance(TimeSpan.FromDays(2));
            var crash = new StepCrash(number);
            await using (SharedObjectStore store = await stores.OpenAsync(SharedStores.Options with { Step = crash.Step }, clock: clock))
            {
                await ActAsync(() => store.SweepAsync(Stop));
            }

            await AssertConvergesAsync(stores, _ => Task.CompletedTask, [_first], aside: 0, clock);
            if (!crash.IsDead)
            {
                Assert.Equal(["upload-given-up", "replaced-taken"], crash.Steps);
                return;
            }
        }
    }

    /// <summary>One upload that ended half way, two packs that were merged.</summary>
    private async Task AbandonAsync(SharedStores stores, ManualTimeProvider clock)
    {
        await using (SharedObjectStore store = await stores.OpenAsync(clock: clock))
        {
            await IngestAsync(store, _first, oid => oid == _first.Blob);
            await IngestAsync(store, _first);
            await store.CompactAsync(new CompactionOptions { Full = true }, Stop);
        }

        var crash = new StepCrash(2);
        await using SharedObjectStore killed = await stores.OpenAsync(SharedStores.Options with { Step = crash.Step }, clock: clock);
        await ActAsync(() => IngestAsync(killed, _second));
        Assert.Equal(["upload-begun", "blob-uploaded"], crash.Steps);
    }

    /// <summary>Kills the work at its first step, then at its second, until it ends by itself.</summary>
    /// <returns>Its steps.</returns>
    private async Task<string[]> RunAsync(
        Func<SharedObjectStore, Task> before, Func<SharedObjectStore, Task> work, TestHistory[] held, TestHistory[] expected, int aside = 0)
    {
        for (int number = 1; ; number++)
        {
            using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip);
            await using (SharedObjectStore store = await stores.OpenAsync())
            {
                await before(store);
            }

            var crash = new StepCrash(number);
            await using (SharedObjectStore store = await stores.OpenAsync(SharedStores.Options with { Step = crash.Step }))
            {
                await ActAsync(() => work(store));
            }

            await using (SharedObjectStore other = await stores.OpenAsync())
            {
                await AssertSoundAsync(other, held);
            }

            await AssertConvergesAsync(stores, work, expected, aside, new ManualTimeProvider(DateTimeOffset.UtcNow + TimeSpan.FromDays(2)));
            if (!crash.IsDead)
            {
                return [.. crash.Steps];
            }
        }
    }

    private static async Task AssertConvergesAsync(
        SharedStores stores, Func<SharedObjectStore, Task> again, TestHistory[] expected, int aside, ManualTimeProvider later)
    {
        await using SharedObjectStore store = await stores.OpenAsync(SharedStores.Options with { ReplacedGrace = TimeSpan.Zero }, clock: later);
        await again(store);
        later.Advance(TimeSpan.FromDays(2));
        await store.SweepAsync(Stop);
        await AssertSoundAsync(store, expected);
        Assert.Equal(aside, (await store.ListAsideAsync(Stop).ToListAsync(Stop)).Count);
        string[] wanted = await stores.WithCatalogueAsync(async catalogue =>
        {
            Assert.Empty(await catalogue.ListUploadsAsync(DateTimeOffset.MaxValue, Stop));
            IEnumerable<BlobKey> packs = (await catalogue.ListPacksAfterAsync(0, 0, Stop)).Where(pack => pack.ReplacedBy is null).SelectMany(pack => (BlobKey[])[pack.PackKey, pack.IndexKey]);
            IEnumerable<BlobKey> kept = (await catalogue.ListAsideAsync(Stop)).SelectMany(one => one.Keys);
            IEnumerable<BlobKey> runs = (await catalogue.ListRunsAsync(Stop)).Where(run => run.Entries > 0).Select(run => run.Key);
            return packs.Concat(kept).Concat(runs).Select(key => key.ToString()).Order(StringComparer.Ordinal).ToArray();
        });
        await using IBlobStore blobs = stores.OpenBlobs();
        Assert.Equal(wanted, await blobs.ListAsync("", Stop).Select(blob => blob.Key.ToString()).Order(StringComparer.Ordinal).ToArrayAsync(Stop));
    }

    private static async Task AssertSoundAsync(SharedObjectStore store, TestHistory[] held)
    {
        Assert.Empty(await new StoreCheck(store, null, new StoreCheckOptions { Threads = 1 }).RunAsync(Stop).ToListAsync(Stop));
        foreach (TestHistory history in held)
        {
            foreach ((Oid oid, GitObject one) in history.Objects)
            {
                Assert.Equal(one.Content.ToArray(), (await store.ReadAsync(oid, 1 << 20, Stop))!.Content.ToArray());
            }
        }
    }

    private static async Task ActAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (StepCrash.Killed)
        {
            // As planned.
        }
    }

    private static async Task IngestAsync(SharedObjectStore store, TestHistory history, Func<Oid, bool>? chosen = null)
    {
        await using IPackIngest ingest = await store.BeginIngestAsync(new IngestOptions(), Stop);
        await ingest.AddAsync(history.Pack(chosen).ToStream(), Stop);
        await ingest.CommitAsync("test", null, Stop);
    }
}
