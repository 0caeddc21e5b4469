using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Git.Refs;
using Actors.Store.Checks;
using Actors.Store.Heads;
using Actors.Store.Index;
using Actors.Store.Objects;
using Actors.Store.Tests.Heads;
using Actors.Store.Tests.Objects;
using Actors.TestKit;
using Xunit;

namespace Actors.Store.Tests.Checks;

/// <summary>Sound stores, and stores that were damaged on purpose.</summary>
public sealed class StoreCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestHistory _history = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_sound_store_has_no_problems()
    {
        await FillAsync();
        var reported = new List<StoreCheckCounts>();
        (List<StoreProblem> problems, StoreCheckCounts counts) = await CheckAsync(
            await HeadsAsync(_history.Commit), new StoreCheckOptions { Collisions = true, Progress = new Reported(reported) });
        Assert.Empty(problems);
        Assert.Equal(2, counts.Packs);
        Assert.Equal(2, counts.PacksInAll);
        Assert.Equal(counts.BytesInAll, counts.Bytes);
        Assert.Equal(_history.Objects.Count, counts.Objects);
        Assert.Equal((1, 1, 0), (counts.Repositories, counts.Snapshots, counts.Problems));
        Assert.Equal(counts, reported[^1]);
    }

    [Fact]
    public async Task A_compacted_store_has_no_problems()
    {
        await FillAsync();
        await using (LocalObjectStore store = Open())
        {
            for (int i = 0; i < 5; i++)
            {
                await GitPacks.IngestAsync(store, new TestHistory($"text {i}").Pack().ToBytes(), Stop);
            }

            await store.CompactAsync(new CompactionOptions { Full = true }, Stop);
        }

        (List<StoreProblem> problems, StoreCheckCounts counts) = await CheckAsync();
        Assert.Empty(problems);
        Assert.Equal(1, counts.Packs);
    }

    [Fact]
    public async Task A_flipped_bit_in_a_pack_is_found_and_the_object_named()
    {
        string pack = await FillAsync();
        byte[] bytes = await File.ReadAllBytesAsync(pack, Stop);
        using (var index = PackIndex.Open(Path.ChangeExtension(pack, ".idx")))
        {
            long offset = index.OffsetAt(0);
            bytes[offset + 6] ^= 0x10;
        }

        await File.WriteAllBytesAsync(pack, bytes, Stop);
        (List<StoreProblem> problems, _) = await CheckAsync();
        Assert.Contains(problems, problem => problem.Kind == StoreProblemKind.Pack && problem.Where == Path.GetFileNameWithoutExtension(pack));
        Assert.Contains(problems, problem => problem is { Kind: StoreProblemKind.Object, Oid: not null });
    }

    [Fact]
    public async Task A_wrong_trailer_is_found()
    {
        string pack = await FillAsync();
        byte[] bytes = await File.ReadAllBytesAsync(pack, Stop);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(pack, bytes, Stop);
        (List<StoreProblem> problems, _) = await CheckAsync();
        Assert.Contains(problems, problem => problem.Kind is StoreProblemKind.Pack or StoreProblemKind.PackIndex);
    }

    [Fact]
    public async Task A_truncated_pack_is_found_and_the_rest_still_checked()
    {
        string pack = await FillAsync();
        byte[] bytes = await File.ReadAllBytesAsync(pack, Stop);
        await File.WriteAllBytesAsync(pack, bytes[..(bytes.Length / 2)], Stop);
        (List<StoreProblem> problems, StoreCheckCounts counts) = await CheckAsync();
        Assert.Contains(problems, problem => problem.Where == Path.GetFileNameWithoutExtension(pack));
        Assert.True(counts.Packs >= 1);
    }

    [Fact]
    public async Task A_pack_index_with_another_crc_is_found()
    {
        string pack = await FillAsync();
        string path = Path.ChangeExtension(pack, ".idx");
        byte[] bytes = await File.ReadAllBytesAsync(path, Stop);
        int objects = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(8 + (255 * 4)));
        bytes[8 + 1024 + (20 * objects)] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Stop);
        (List<StoreProblem> problems, _) = await CheckAsync();
        StoreProblem problem = Assert.Single(problems);
        Assert.Equal(StoreProblemKind.PackIndex, problem.Kind);
        Assert.NotNull(problem.Oid);
    }

    [Fact]
    public async Task An_object_under_a_wrong_id_is_found()
    {
        await using (Open())
        {
        }

        Oid wrong = Oid.Parse(new string('a', 40));
        byte[] content = TestPack.Blob("not what its id says\n");
        using var bytes = new MemoryStream();
        using var writer = new PackWriter(bytes, 1);
        await writer.WriteObjectAsync(wrong, ObjectType.Blob, content, Stop);
        Oid checksum = await writer.FinishAsync(Stop);
        string path = Path.Combine(_folder.Make("store", "objects", "pack"), $"pack-{checksum}.pack");
        await File.WriteAllBytesAsync(path, bytes.ToArray(), Stop);
        writer.WriteIndex(Path.ChangeExtension(path, ".idx"), checksum, fsync: false);

        (List<StoreProblem> problems, _) = await CheckAsync();
        Assert.Equal(
            [(StoreProblemKind.Object, wrong), (StoreProblemKind.PackIndex, TestPack.OidOf(ObjectType.Blob, content))],
            problems.Select(problem => (problem.Kind, problem.Oid!.Value)));
    }

    [Fact]
    public async Task A_reference_to_nothing_is_found()
    {
        await using (Open())
        {
        }

        await PlaceAsync(_history.Pack(oid => oid != _history.Blob));
        (List<StoreProblem> problems, _) = await CheckAsync();
        StoreProblem problem = Assert.Single(problems);
        Assert.Equal((StoreProblemKind.Reference, _history.Blob), (problem.Kind, problem.Oid!.Value));
    }

    [Fact]
    public async Task A_reference_to_an_object_of_another_type_is_found()
    {
        await FillAsync();
        var pack = new TestPack();
        pack.Add(ObjectType.Commit, TestPack.Commit(_history.Blob, "a blob for a tree"));
        await PlaceAsync(pack);
        (List<StoreProblem> problems, _) = await CheckAsync();
        StoreProblem problem = Assert.Single(problems);
        Assert.Equal((StoreProblemKind.Reference, _history.Blob), (problem.Kind, problem.Oid!.Value));
    }

    [Fact]
    public async Task An_object_that_the_index_over_all_packs_does_not_find_is_found()
    {
        string pack = await FillAsync();
        Oid name = Oid.Parse(Path.GetFileNameWithoutExtension(pack).AsSpan("pack-".Length));
        Oid lost;
        using (var index = PackIndex.Open(Path.ChangeExtension(pack, ".idx")))
        using (ObjectIndex all = ObjectIndex.Open(_folder["store", "index"], readOnly: false, ObjectIndexOptions.Default))
        {
            lost = index.Oids[0];
            all.Clear();
            all.AddPack(name, index.Oids[1..]);
            all.Flush();
        }

        (List<StoreProblem> problems, _) = await CheckAsync();
        Assert.Contains(problems, problem => problem.Kind == StoreProblemKind.ObjectIndex && problem.Oid == lost);
    }

    [Fact]
    public async Task An_entry_of_the_index_over_all_packs_without_object_is_found()
    {
        string pack = await FillAsync();
        Oid name = Oid.Parse(Path.GetFileNameWithoutExtension(pack).AsSpan("pack-".Length));
        Oid stray = Oid.Parse(new string('f', 40));
        using (var index = PackIndex.Open(Path.ChangeExtension(pack, ".idx")))
        using (ObjectIndex all = ObjectIndex.Open(_folder["store", "index"], readOnly: false, ObjectIndexOptions.Default))
        {
            all.Clear();
            all.AddPack(name, [.. index.Oids, stray]);
            all.Flush();
        }

        (List<StoreProblem> problems, _) = await CheckAsync();
        StoreProblem problem = Assert.Single(problems);
        Assert.Equal((StoreProblemKind.ObjectIndex, stray), (problem.Kind, problem.Oid!.Value));
    }

    [Fact]
    public async Task A_head_of_any_visit_that_is_not_in_the_store_is_found()
    {
        await FillAsync();
        Oid missing = Oid.Parse(new string('b', 40));
        MemoryHeadStore heads = await HeadsAsync(missing, _history.Commit);
        (List<StoreProblem> problems, _) = await CheckAsync(heads);
        StoreProblem problem = Assert.Single(problems);
        Assert.Equal((StoreProblemKind.Head, missing), (problem.Kind, problem.Oid!.Value));
        Assert.Contains("refs/heads/main", problem.Message, StringComparison.Ordinal);
        Assert.Equal(HeadExamples.Url(1).ToString(), problem.Where);

        (problems, _) = await CheckAsync(heads, new StoreCheckOptions { AllVisits = false });
        Assert.Empty(problems);
    }

    /// <summary>A store of two packs, one of which refers to the other.</summary>
    /// <returns>The pack that is referred to.</returns>
    private async Task<string> FillAsync()
    {
        await using LocalObjectStore store = Open();
        await GitPacks.IngestAsync(store, _history.Pack(oid => oid != _history.Commit && oid != _history.Tag).ToBytes(), Stop);
        string first = Assert.Single(Directory.GetFiles(_folder["store", "objects", "pack"], "*.pack"));
        await GitPacks.IngestAsync(store, _history.Pack(oid => oid == _history.Commit || oid == _history.Tag).ToBytes(), Stop);
        return first;
    }

    [Fact]
    public async Task Heads_of_many_repositories_are_checked_each_snapshot_once()
    {
        await FillAsync();
        Oid missing = Oid.Parse("00000000000000000000000000000000000000aa");
        var heads = new MemoryHeadStore();
        for (int i = 1; i <= 100; i++)
        {
            await heads.RecordAsync([HeadExamples.Visit(i, Outcome.New, 0, MainAt(i is 40 or 77 ? missing : _history.Commit))], Stop);
        }

        (List<StoreProblem> problems, StoreCheckCounts counts) = await CheckAsync(heads);
        StoreProblem problem = Assert.Single(problems);
        Assert.Equal((StoreProblemKind.Head, HeadExamples.Url(40).ToString(), missing), (problem.Kind, problem.Where, problem.Oid!.Value));
        Assert.Equal((100, 100, 2), (counts.Repositories, counts.RepositoriesInAll, counts.Snapshots));
    }

    /// <summary>Puts a pack into the store's directory, past all its checks.</summary>
    private async Task PlaceAsync(TestPack pack)
    {
        string incoming = _folder["incoming.pack"];
        PackIndexResult result = await PackIndexer.IndexAsync(
            pack.ToStream(), new PackIndexOptions { PackPath = incoming, IndexPath = _folder["incoming.idx"], Fsync = false }, Stop);
        File.Move(incoming, _folder["store", "objects", "pack", $"pack-{result.Checksum}.pack"]);
        File.Move(_folder["incoming.idx"], _folder["store", "objects", "pack", $"pack-{result.Checksum}.idx"]);
    }

    private static async Task<MemoryHeadStore> HeadsAsync(params Oid[] mains)
    {
        var heads = new MemoryHeadStore();
        for (int i = 0; i < mains.Length; i++)
        {
            await heads.RecordAsync([HeadExamples.Visit(1, i == 0 ? Outcome.New : Outcome.Updated, i, MainAt(mains[i]))], Stop);
        }

        return heads;
    }

    private static Snapshot MainAt(Oid oid) => Snapshot.Create(
    [
        new SnapshotBranch(RefName.Head, SnapshotTarget.Alias, Oid.Zero, RefName.Parse("refs/heads/main")),
        new SnapshotBranch(RefName.Parse("refs/heads/main"), SnapshotTarget.Revision, oid),
    ]);

    private async Task<(List<StoreProblem> Problems, StoreCheckCounts Counts)> CheckAsync(IHeadStore? heads = null, StoreCheckOptions? options = null)
    {
        await using LocalObjectStore store = Open(StoreAccess.Read);
        var check = new StoreCheck(store, heads, options ?? new StoreCheckOptions());
        List<StoreProblem> problems = await HeadExamples.ListAsync(check.RunAsync(Stop));
        Assert.Equal(problems.Count, check.Counts.Problems);
        return (problems, check.Counts);
    }

    private LocalObjectStore Open(StoreAccess access = StoreAccess.Write) => LocalObjectStore.Open(_folder["store"], access, TimeProvider.System);

    private sealed class Reported(List<StoreCheckCounts> list) : IProgress<StoreCheckCounts>
    {
        public void Report(StoreCheckCounts value) => list.Add(value);
    }
}
