using Actors.Git.Objects;
using Actors.Store.Blobs;
using Actors.Store.Checks;
using Actors.Store.Objects;
using Actors.TestKit.Blobs;
using Actors.TestKit.Clocks;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Store.Tests.Objects;

/// <summary>Ingests of one process that become visible together.</summary>
public sealed class GroupCommitTests(SharedPostgres postgres)
{
    private readonly ManualTimeProvider _clock = new(DateTimeOffset.UtcNow);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ingests_that_are_ready_together_become_one_pack_and_share_what_is_in_several()
    {
        using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip);
        await using SharedObjectStore store = await OpenAsync(stores);
        TestHistory[] histories = [.. new[] { "one", "two", "one", "three" }.Select(text => new TestHistory(text))];
        IPackIngest[] ingests = await BeginAsync(store, histories);
        CommitResult[] results = await Task.WhenAll(ingests.Select(ingest => ingest.CommitAsync("test", null, Stop)));

        int each = histories[0].Objects.Count;
        Assert.All(results, result => Assert.Equal(CommitStatus.Committed, result.Status));
        Assert.Equal([0, each, each, each], results.Select(result => (int)result.NewObjects).Order());
        Assert.Equal([0, 0, 0, each], results.Select(result => (int)result.KnownObjects).Order());
        StoreFigures figures = await store.ReadFiguresAsync(Stop);
        Assert.Equal((1, 3L * each), (figures.Packs, figures.Objects));
        await EndAsync(ingests);
        await AssertSoundAsync(stores, histories);
    }

    [Fact]
    public async Task Group_goes_when_its_window_ends_though_another_ingest_is_open()
    {
        using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip);
        await using SharedObjectStore store = await OpenAsync(stores);
        TestHistory[] histories = [new("one"), new("two"), new("open")];
        IPackIngest[] ingests = await BeginAsync(store, histories);
        Task<CommitResult>[] commits = [.. ingests.Take(2).Select(ingest => ingest.CommitAsync("test", null, Stop))];
        await _clock.WhenTimersAsync(1);
        Assert.All(commits, commit => Assert.False(commit.IsCompleted));

        // The second may come after the first one's window: then it has its own.
        while (!commits.All(commit => commit.IsCompleted))
        {
            await Task.WhenAny(Task.WhenAll(commits), _clock.WhenTimersAsync(1));
            _ = _clock.AdvanceToNextTimer();
        }

        Assert.All(await Task.WhenAll(commits), result => Assert.Equal(CommitStatus.Committed, result.Status));
        await EndAsync(ingests);
        await AssertSoundAsync(stores, histories[..2]);
    }

    [Fact]
    public async Task Group_goes_when_the_last_open_ingest_ends_without_a_commit()
    {
        using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip);
        await using SharedObjectStore store = await OpenAsync(stores);
        IPackIngest[] ingests = await BeginAsync(store, [new TestHistory("one"), new TestHistory("open")]);
        Task<CommitResult> commit = ingests[0].CommitAsync("test", null, Stop);
        await _clock.WhenTimersAsync(1);
        await ingests[1].DisposeAsync();
        Assert.Equal(CommitStatus.Committed, (await commit).Status);
        await ingests[0].DisposeAsync();
    }

    [Fact]
    public async Task Cancelled_member_leaves_and_the_others_commit()
    {
        using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip);
        await using SharedObjectStore store = await OpenAsync(stores);
        TestHistory[] histories = [new("stays"), new("leaves"), new("open")];
        IPackIngest[] ingests = await BeginAsync(store, histories);
        using var leaving = new CancellationTokenSource();
        Task<CommitResult> stays = ingests[0].CommitAsync("test", null, Stop);
        await _clock.WhenTimersAsync(1);
        Task<CommitResult> leaves = ingests[1].CommitAsync("test", null, leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        _clock.Advance(Window);
        Assert.Equal(histories[0].Objects.Count, (await stays).NewObjects);
        await EndAsync(ingests);
        bool[] present = new bool[2];
        await store.ContainsAsync(new[] { histories[0].Commit, histories[1].Commit }, present, Stop);
        Assert.Equal([true, false], present.ToList());
        await AssertSoundAsync(stores, histories[..1]);
    }

    [Fact]
    public async Task Member_cancelled_on_its_way_ends_with_its_group()
    {
        using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip);
        using var leaving = new CancellationTokenSource();
        await using SharedObjectStore store = await OpenAsync(stores, step =>
        {
            if (step == "upload-begun")
            {
                leaving.Cancel();
            }
        });
        TestHistory[] histories = [new("one"), new("two")];
        IPackIngest[] ingests = await BeginAsync(store, histories);
        CommitResult[] results = await Task.WhenAll(ingests[0].CommitAsync("test", null, leaving.Token), ingests[1].CommitAsync("test", null, Stop));
        Assert.All(results, result => Assert.Equal(CommitStatus.Committed, result.Status));
        await EndAsync(ingests);
        await AssertSoundAsync(stores, histories);
    }

    [Fact]
    public async Task Group_whose_every_member_is_cancelled_stops_and_leaves_nothing()
    {
        using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip);
        using var leaving = new CancellationTokenSource();
        await using SharedObjectStore store = await OpenAsync(stores, step =>
        {
            if (step == "upload-begun")
            {
                leaving.Cancel();
            }
        });
        IPackIngest[] ingests = await BeginAsync(store, [new TestHistory("one"), new TestHistory("two")]);
        foreach (Task<CommitResult> commit in ingests.Select(ingest => ingest.CommitAsync("test", null, leaving.Token)).ToArray())
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => commit);
        }

        await EndAsync(ingests);
        Assert.Equal(0, (await store.ReadFiguresAsync(Stop)).Packs);
        await using IBlobStore blobs = stores.OpenBlobs();
        Assert.Empty(await blobs.ListAsync("", Stop).ToListAsync(Stop));
        Assert.Empty(await stores.WithCatalogueAsync(catalogue => catalogue.ListUploadsAsync(DateTimeOffset.MaxValue, Stop)));
    }

    [Fact]
    public async Task Large_ingest_waits_for_nobody()
    {
        using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip);
        await using SharedObjectStore store = await stores.OpenAsync(SharedStores.Options with { GroupWindow = Window, GroupBytesMax = 1 }, clock: _clock);
        IPackIngest[] ingests = await BeginAsync(store, [new TestHistory("large"), new TestHistory("open")]);
        Assert.Equal(CommitStatus.Committed, (await ingests[0].CommitAsync("test", null, Stop)).Status);
        await EndAsync(ingests);
    }

    [Fact]
    public async Task Lost_upload_fails_each_member_once_and_a_second_try_succeeds()
    {
        using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip);
        var faulty = new FaultyBlobStore(stores.OpenBlobs(), 3, new BlobFaults { Unheard = 1 });
        await using SharedObjectStore store = await stores.OpenAsync(SharedStores.Options with { GroupWindow = Window }, faulty, _clock);
        TestHistory[] histories = [new("one"), new("two")];
        IPackIngest[] ingests = await BeginAsync(store, histories);
        foreach (Task<CommitResult> commit in ingests.Select(ingest => ingest.CommitAsync("test", null, Stop)).ToArray())
        {
            await Assert.ThrowsAsync<BlobStoreException>(() => commit);
        }

        await EndAsync(ingests);
        faulty.Faults = BlobFaults.None;
        ingests = await BeginAsync(store, histories);
        Assert.All(await Task.WhenAll(ingests.Select(ingest => ingest.CommitAsync("test", null, Stop))), result => Assert.Equal(result.NewObjects, histories[0].Objects.Count));
        await EndAsync(ingests);
        await AssertSoundAsync(stores, histories);
    }

    private static TimeSpan Window => TimeSpan.FromMinutes(1);

    private Task<SharedObjectStore> OpenAsync(SharedStores stores, Action<string>? step = null) =>
        stores.OpenAsync(SharedStores.Options with { GroupWindow = Window, Step = step }, clock: _clock);

    private static async Task<IPackIngest[]> BeginAsync(SharedObjectStore store, TestHistory[] histories)
    {
        var ingests = new List<IPackIngest>();
        foreach (TestHistory history in histories)
        {
            ingests.Add(await store.BeginIngestAsync(new IngestOptions { Threads = 1 }, Stop));
            await ingests[^1].AddAsync(history.Pack().ToStream(), Stop);
        }

        return [.. ingests];
    }

    private static async Task EndAsync(IPackIngest[] ingests)
    {
        foreach (IPackIngest ingest in ingests)
        {
            await ingest.DisposeAsync();
        }
    }

    private static async Task AssertSoundAsync(SharedStores stores, TestHistory[] held)
    {
        await using SharedObjectStore other = await stores.OpenAsync();
        Assert.Empty(await new StoreCheck(other, null, new StoreCheckOptions { Threads = 1 }).RunAsync(Stop).ToListAsync(Stop));
        foreach ((Oid oid, GitObject one) in held.SelectMany(history => history.Objects))
        {
            Assert.Equal(one.Content.ToArray(), (await other.ReadAsync(oid, 1 << 20, Stop))!.Content.ToArray());
        }
    }
}
