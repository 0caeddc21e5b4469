using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Store.Objects;
using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.TestKit.Judges;
using Xunit;

namespace Actors.Store.Tests.Objects;

/// <summary>Real git reads the store through alternates and judges what it finds.</summary>
public sealed class LocalObjectStoreOracleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public LocalObjectStoreOracleTests() => GitCommand.Require(Assert.Skip);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private StoreJudge Judge => new(_folder["store", "objects"], _folder.Make("judge", Path.GetRandomFileName()));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Git_finds_everything_that_was_taken_in_odd_objects_too()
    {
        GitFixture source = new GitFixture(_folder["source.git"])
            .AddHistory(40).AddUnusualEntries().AddOddObjects().AddUnusualTags().AddTag("v1").Repack();
        await using LocalObjectStore store = Open();
        CommitResult result = await GitPacks.IngestAsync(store, GitPacks.Pack(source, "--all"), Stop);

        Assert.Equal((CommitStatus.Committed, source.CountObjects()), (result.Status, (int)result.NewObjects));
        Judge.AssertHolds(source);
        Judge.AssertClosed();
    }

    [Fact]
    public async Task Thin_updates_are_complete_for_git()
    {
        GitFixture source = new GitFixture(_folder["source.git"]).AddHistory(30).Repack();
        await using LocalObjectStore store = Open();
        string before = source.Oid("main");
        await GitPacks.IngestAsync(store, GitPacks.Pack(source, "main"), Stop);
        source.AddHistory(15);
        CommitResult result = await GitPacks.IngestAsync(store, GitPacks.Pack(source, $"main ^{before}"), Stop);

        Assert.Equal(GitPacks.ListObjects(source, "main", "^" + before).Length, result.NewObjects);
        Assert.Equal(0, result.KnownObjects);
        Judge.AssertHolds(source);
        Judge.AssertClosed();
    }

    [Fact]
    public async Task Git_reads_the_deltas_that_compaction_makes()
    {
        GitFixture source = new GitFixture(_folder["source.git"]).AddHistory(60);
        await using LocalObjectStore store = Open();
        await GitPacks.IngestEachCommitAsync(store, source, "main", null, Stop);
        await store.CompactAsync(new CompactionOptions { Full = true, Deltas = true }, Stop);
        Assert.Equal(1, (await store.ReadFiguresAsync(Stop)).Packs);
        Judge.AssertHolds(source);
        Judge.AssertClosed();
    }

    [Fact]
    public async Task Full_compaction_leaves_one_pack_without_duplicates_that_git_verifies()
    {
        GitFixture source = new GitFixture(_folder["source.git"]).AddHistory(60);
        await using LocalObjectStore store = Open();
        await GitPacks.IngestEachCommitAsync(store, source, "main", null, Stop);
        int before = (await store.ReadFiguresAsync(Stop)).Packs;
        CompactionResult result = await store.CompactAsync(new CompactionOptions { Full = true }, Stop);

        Assert.Equal((60, 60, 1), (before, result.PacksBefore, result.PacksAfter));
        Assert.True(result.BytesAfter < result.BytesBefore);
        Assert.True(result.DuplicatesDropped > 0);
        Assert.Equal(source.CountObjects(), (await store.ReadFiguresAsync(Stop)).Objects);
        string pack = Assert.Single(Directory.GetFiles(_folder["store", "objects", "pack"], "*.pack"));
        Assert.Equal(2, Directory.GetFiles(_folder["store", "objects", "pack"]).Length);
        Assert.Equal((uint)source.CountObjects(), CountOf(pack));
        Judge.AssertHolds(source);
        Judge.AssertClosed();
        await AssertReadsAllAsync(store, source);
    }

    [Fact]
    public async Task Compaction_writes_what_git_index_pack_indexes_the_same()
    {
        GitFixture source = new GitFixture(_folder["source.git"]).AddHistory(40).Repack();
        await using LocalObjectStore store = Open();
        await GitPacks.IngestEachCommitAsync(store, source, "main", null, Stop);
        await store.CompactAsync(new CompactionOptions { Full = true }, Stop);

        string pack = Assert.Single(Directory.GetFiles(_folder["store", "objects", "pack"], "*.pack"));
        source.Git.Run("index-pack", "--strict", "-o", _folder["again.idx"], pack);
        Assert.Equal(File.ReadAllBytes(_folder["again.idx"]), File.ReadAllBytes(Path.ChangeExtension(pack, ".idx")));
    }

    [Fact]
    public async Task Few_packs_stay_when_compaction_is_called_after_each_of_many_ingests()
    {
        GitFixture source = new GitFixture(_folder["source.git"]).AddHistory(150);
        await using LocalObjectStore store = Open();
        int most = 0;
        await GitPacks.IngestEachCommitAsync(
            store,
            source,
            "main",
            async () =>
            {
                await store.CompactIfDueAsync(Stop);
                most = Math.Max(most, (await store.ReadFiguresAsync(Stop)).Packs);
            },
            Stop);

        Assert.InRange(most, 2, 24);
        Judge.AssertHolds(source);
        Judge.AssertClosed();
    }

    [Fact]
    public async Task Written_pack_is_indexed_by_git_without_help()
    {
        GitFixture source = new GitFixture(_folder["source.git"]).AddHistory(50);
        await using LocalObjectStore store = Open();
        await GitPacks.IngestEachCommitAsync(store, source, "main", null, Stop);
        await store.CompactAsync(new CompactionOptions(), Stop);
        string tip = source.Oid("main~10");
        Oid[] asked = GitPacks.ListObjects(source, tip);
        using var bytes = new MemoryStream();
        await store.WritePackAsync(asked, bytes, Stop);

        GitFixture target = new(_folder["target.git"]);
        target.Git.Run(bytes.ToArray(), "index-pack", "--stdin", "--strict");
        target.Git.Run("update-ref", "refs/heads/main", tip);
        target.Git.Run("fsck", "--full", "--strict");
        Assert.Equal(asked.Length, target.CountObjects());
        long whole = asked.Sum(oid => (long)store.Read(oid, long.MaxValue)!.Content.Length);
        Assert.True(bytes.Length < whole / 2, $"{bytes.Length} bytes for {whole}: deltas were not kept.");
    }

    [Fact]
    public async Task Walk_lists_what_git_rev_list_lists()
    {
        GitFixture source = new GitFixture(_folder["source.git"]).AddHistory(25).SetRef("side", "main~10");
        source.AddHistory(8, branch: "side").AddMerge("main", "side").AddHistory(5).AddTag("v1", "main~3").AddUnusualEntries().AddUnusualTags();
        await using LocalObjectStore store = Open();
        await GitPacks.IngestAsync(store, GitPacks.Pack(source, "--all"), Stop);

        foreach ((string[] tips, string[] except) in new (string[], string[])[]
        {
            (["main"], []), (["v1"], []), (["main", "side"], []), (["main"], ["main~4"]), (["main"], ["side"]), (["side"], ["main~6"]), (["main~20"], ["main"]),
            (["main:"], ["main~1:"]), ([.. source.Refs.Select(one => one.Name)], []), ([.. source.Refs.Select(one => one.Name)], ["side"]),
        })
        {
            HashSet<Oid> expected = [.. GitPacks.ListObjects(source, [.. tips, .. except.Select(one => "^" + one)])];
            foreach (bool exact in new[] { false, true })
            {
                ObjectReference[] listed = await ObjectWalk.ListAsync(store, Oids(source, tips), Oids(source, except), exact, Stop).ToArrayAsync(Stop);
                Assert.Equal(listed.Length, listed.DistinctBy(one => one.Oid).Count());
                HashSet<Oid> excluded = [.. except.SelectMany(one => GitPacks.ListObjects(source, one))];
                Assert.Equal(exact ? expected.Except(excluded).Order() : expected.Order(), listed.Select(one => one.Oid).Order());
                var types = new ObjectType[listed.Length];
                await store.ReadTypesAsync(listed.Select(one => one.Oid).ToArray(), types, Stop);
                Assert.Equal(types, listed.Select(one => one.Type));
            }
        }
    }

    private static Oid[] Oids(GitFixture source, IEnumerable<string> revisions) => [.. revisions.Select(one => Oid.Parse(source.Oid(one)))];

    private static uint CountOf(string pack)
    {
        using var file = PackFile.Open(pack);
        return file.ObjectCount;
    }

    private static async Task AssertReadsAllAsync(LocalObjectStore store, GitFixture source)
    {
        foreach (Oid oid in GitPacks.ListObjects(source, "--all"))
        {
            GitObject? found = await store.ReadAsync(oid, 1 << 20, Stop);
            Assert.NotNull(found);
            Assert.Equal(oid, ObjectHash.Compute(found.Type, found.Content.Span));
        }
    }

    private LocalObjectStore Open() => LocalObjectStore.Open(_folder["store"], StoreAccess.Write, TimeProvider.System);
}
