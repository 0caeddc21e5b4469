using Actors.Git;
using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Store.Objects;
using Xunit;

namespace Actors.Store.Tests.Objects;

/// <summary>The contract of <see cref="IObjectStore"/>, run on every implementation.</summary>
public abstract partial class ObjectStoreTests
{
    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>An empty store, removed when disposed.</summary>
    protected abstract Task<IObjectStore> OpenAsync();

    /// <summary>A store that holds, under the ids given, what is given, right or wrong.</summary>
    protected abstract Task<IObjectStore> OpenHoldingAsync(IReadOnlyList<KeyValuePair<Oid, GitObject>> objects);

    [Fact]
    public async Task Empty_store_has_nothing()
    {
        await using IObjectStore store = await OpenAsync();
        Oid oid = TestPack.OidOf(ObjectType.Blob, TestPack.Blob("nowhere"));

        Assert.Null(await store.ReadAsync(oid, 100, Stop));
        Assert.Equal([false], await ContainsAsync(store, oid));
        Assert.Equal([ObjectType.None], await TypesAsync(store, oid));
        Assert.Empty(await AsideAsync(store));
    }

    [Fact]
    public async Task Committed_objects_of_every_type_are_read_back_byte_for_byte()
    {
        await using IObjectStore store = await OpenAsync();
        var history = new TestHistory();
        CommitResult result = await IngestAsync(store, history.Pack());

        Assert.Equal(CommitStatus.Committed, result.Status);
        Assert.Equal(history.Objects.Count, result.NewObjects);
        Assert.Equal(0, result.KnownObjects);
        Assert.True(result.StoredBytes > 0);
        await AssertHoldsAsync(store, history);
    }

    [Fact]
    public async Task Membership_comes_in_the_callers_order()
    {
        await using IObjectStore store = await OpenAsync();
        var history = new TestHistory();
        await IngestAsync(store, history.Pack());
        Oid absent = TestPack.OidOf(ObjectType.Blob, TestPack.Blob("absent"));

        Assert.Equal([true, false, true, true], await ContainsAsync(store, history.Commit, absent, history.Blob, history.Blob));
        Assert.Equal(
            [ObjectType.Blob, ObjectType.None, ObjectType.Tag, ObjectType.Tree, ObjectType.Commit],
            await TypesAsync(store, history.Blob, absent, history.Tag, history.Tree, history.Commit));
    }

    [Fact]
    public async Task Object_longer_than_allowed_is_refused()
    {
        await using IObjectStore store = await OpenAsync();
        var history = new TestHistory();
        await IngestAsync(store, history.Pack());
        int length = history.Objects[history.Blob].Content.Length;

        GitFormatException refused = await Assert.ThrowsAsync<GitFormatException>(async () => await store.ReadAsync(history.Blob, length - 1, Stop));
        Assert.Equal(GitFormatError.OverLimit, refused.Kind);
        Assert.NotNull(await store.ReadAsync(history.Blob, length, Stop));
    }

    [Fact]
    public async Task Deltas_in_the_pack_are_read_back_whole()
    {
        await using IObjectStore store = await OpenAsync();
        byte[] first = TestPack.Blob(new string('a', 500));
        byte[] second = TestPack.Blob(new string('a', 400) + "b");
        byte[] third = TestPack.Blob(new string('a', 400) + "bc");
        var pack = new TestPack();
        Oid last = pack.AddDelta(ObjectType.Blob, second, third);
        Oid middle = pack.AddDelta(ObjectType.Blob, first, second);
        _ = pack.Add(ObjectType.Blob, first);
        await IngestAsync(store, pack);

        Assert.Equal(third, (await store.ReadAsync(last, 1000, Stop))!.Content.ToArray());
        Assert.Equal(second, (await store.ReadAsync(middle, 1000, Stop))!.Content.ToArray());
        Assert.Equal([ObjectType.Blob, ObjectType.Blob], await TypesAsync(store, last, middle));
    }

    [Fact]
    public async Task Nothing_is_visible_before_the_commit_nor_after_disposing_without_one()
    {
        await using IObjectStore store = await OpenAsync();
        var history = new TestHistory();
        await using (IPackIngest ingest = await store.BeginIngestAsync(new IngestOptions(), Stop))
        {
            await ingest.AddAsync(history.Pack().ToStream(), Stop);
            Assert.Equal([false], await ContainsAsync(store, history.Blob));
            Assert.Null(await store.ReadAsync(history.Blob, 1000, Stop));
        }

        Assert.Equal([false], await ContainsAsync(store, history.Blob));
        Assert.Empty(await AsideAsync(store));
    }

    [Fact]
    public async Task Gitlinks_are_no_references()
    {
        await using IObjectStore store = await OpenAsync();
        Oid elsewhere = TestPack.OidOf(ObjectType.Blob, TestPack.Blob("a commit of another repository"));
        var pack = new TestPack();
        _ = pack.Add(ObjectType.Tree, TestPack.Tree(("160000", "submodule", elsewhere)));

        Assert.Equal(CommitStatus.Committed, (await IngestAsync(store, pack)).Status);
    }

    [Fact]
    public async Task New_objects_are_told_once_each_and_known_ones_counted()
    {
        await using IObjectStore store = await OpenAsync();
        var history = new TestHistory();
        await IngestAsync(store, history.Pack());
        var more = new TestPack();
        byte[] blob = TestPack.Blob("one more");
        _ = more.Add(ObjectType.Blob, history.Objects[history.Blob].Content.ToArray());
        Oid fresh = more.Add(ObjectType.Blob, blob);
        Oid tree = more.Add(ObjectType.Tree, TestPack.Tree(("100644", "more", fresh)));
        var told = new List<(Oid, ObjectType)>();

        await using IPackIngest ingest = await store.BeginIngestAsync(new IngestOptions(), Stop);
        await ingest.AddAsync(more.ToStream(), Stop);
        CommitResult result = await ingest.CommitAsync("test", (oid, type) => told.Add((oid, type)), Stop);

        Assert.Equal((2, 1), (result.NewObjects, result.KnownObjects));
        Assert.Equal(new HashSet<(Oid, ObjectType)> { (fresh, ObjectType.Blob), (tree, ObjectType.Tree) }, told.ToHashSet());
        Assert.Equal(2, told.Count);
    }

    [Fact]
    public async Task Same_pack_again_changes_nothing()
    {
        await using IObjectStore store = await OpenAsync();
        var history = new TestHistory();
        await IngestAsync(store, history.Pack());
        CommitResult again = await IngestAsync(store, history.Pack());

        Assert.Equal((CommitStatus.Committed, 0, history.Objects.Count, 0), (again.Status, again.NewObjects, (int)again.KnownObjects, (int)again.StoredBytes));
        await AssertHoldsAsync(store, history);
    }

    [Fact]
    public async Task Empty_pack_commits()
    {
        await using IObjectStore store = await OpenAsync();
        CommitResult result = await IngestAsync(store, new TestPack());
        Assert.Equal((CommitStatus.Committed, 0L), (result.Status, result.NewObjects));
    }

    [Fact]
    public async Task Damaged_pack_is_refused_and_the_ingest_goes_on()
    {
        await using IObjectStore store = await OpenAsync();
        var history = new TestHistory();
        byte[] damaged = history.Pack().ToBytes();
        damaged[^25] ^= 0x10;

        await using IPackIngest ingest = await store.BeginIngestAsync(new IngestOptions(), Stop);
        await Assert.ThrowsAsync<GitFormatException>(() => ingest.AddAsync(new MemoryStream(damaged), Stop));
        await ingest.AddAsync(history.Pack().ToStream(), Stop);
        Assert.Equal(CommitStatus.Committed, (await ingest.CommitAsync("test", null, Stop)).Status);
        await AssertHoldsAsync(store, history);
    }

    [Fact]
    public async Task Concurrent_ingests_of_the_same_and_of_different_objects_all_commit()
    {
        await using IObjectStore store = await OpenAsync();
        TestHistory[] histories = [.. Enumerable.Range(0, 12).Select(i => new TestHistory($"line {i % 4}"))];
        CommitResult[] results = await Task.WhenAll(histories.Select(one => Task.Run(() => IngestAsync(store, one.Pack()), Stop)));

        Assert.All(results, result => Assert.Equal(CommitStatus.Committed, result.Status));
        Assert.Equal(histories.SelectMany(one => one.Objects.Keys).Distinct().Count(), results.Sum(one => one.NewObjects));
        foreach (TestHistory history in histories)
        {
            await AssertHoldsAsync(store, history);
        }
    }

    private protected static async Task<CommitResult> IngestAsync(IObjectStore store, params TestPack[] packs)
    {
        await using IPackIngest ingest = await store.BeginIngestAsync(new IngestOptions(), Stop);
        foreach (TestPack pack in packs)
        {
            await ingest.AddAsync(pack.ToStream(), Stop);
        }

        return await ingest.CommitAsync("test", null, Stop);
    }

    private protected static async Task<IReadOnlyList<bool>> ContainsAsync(IObjectStore store, params Oid[] oids)
    {
        bool[] present = new bool[oids.Length];
        await store.ContainsAsync(oids, present, Stop);
        return present;
    }

    private protected static async Task<IReadOnlyList<ObjectType>> TypesAsync(IObjectStore store, params Oid[] oids)
    {
        var types = new ObjectType[oids.Length];
        await store.ReadTypesAsync(oids, types, Stop);
        return types;
    }

    private protected static async Task<List<AsidePack>> AsideAsync(IObjectStore store) =>
        await store.ListAsideAsync(Stop).ToListAsync(Stop);

    private protected static async Task AssertHoldsAsync(IObjectStore store, TestHistory history)
    {
        foreach ((Oid oid, GitObject expected) in history.Objects)
        {
            GitObject? found = await store.ReadAsync(oid, 1 << 20, Stop);
            Assert.NotNull(found);
            Assert.Equal(expected.Type, found.Type);
            Assert.Equal(expected.Content.ToArray(), found.Content.ToArray());
        }
    }
}
