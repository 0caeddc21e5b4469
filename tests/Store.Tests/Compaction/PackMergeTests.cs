using Actors.Git;
using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Store.Compaction;
using Actors.Store.Packs;
using Actors.Store.Tests.Objects;
using Actors.TestKit;
using Xunit;

namespace Actors.Store.Tests.Compaction;

public sealed class PackMergeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<IndexedPack> _opened = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _opened.ForEach(pack => pack.Dispose());
        _folder.Dispose();
    }

    [Fact]
    public async Task Deltas_that_run_in_opposite_directions_make_no_cycle()
    {
        byte[] one = TestPack.Blob(new string('x', 300) + "one");
        byte[] two = TestPack.Blob(new string('x', 300) + "two");
        var forwards = new TestPack();
        _ = forwards.Add(ObjectType.Blob, one);
        _ = forwards.AddDelta(ObjectType.Blob, one, two);
        var backwards = new TestPack();
        _ = backwards.Add(ObjectType.Blob, two);
        _ = backwards.AddDelta(ObjectType.Blob, two, one);
        IndexedPack[] sources = [await OpenAsync(forwards), await OpenAsync(backwards)];

        IndexedPack merged = await MergeAsync(PackSelection.AllOf(sources));
        AssertHolds(merged, one, two);

        // Chosen against the order of the list: each pack gives the object whose base the other one gives.
        PackSelection[] crossed =
        [
            new(sources[0], [PositionOf(sources[0], two)]),
            new(sources[1], [PositionOf(sources[1], one)]),
        ];
        AssertHolds(await MergeAsync(crossed), one, two);
    }

    [Fact]
    public async Task Base_that_comes_later_in_the_file_is_named_by_oid()
    {
        byte[] whole = TestPack.Blob(new string('w', 300));
        byte[] near = [.. whole, 1];
        byte[] far = [.. whole, 1, 2];
        var pack = new TestPack();
        Oid last = pack.AddDelta(ObjectType.Blob, near, far);
        _ = pack.AddDelta(ObjectType.Blob, whole, near);
        _ = pack.Add(ObjectType.Blob, whole);
        IndexedPack merged = await MergeAsync(PackSelection.AllOf([await OpenAsync(pack)]));

        AssertHolds(merged, whole, near, far);
        Assert.Equal(PackEntryType.RefDelta, merged.File.ReadEntry(merged.Index.OffsetAt(PositionOf(merged, far))).Header.Type);
        Assert.True(merged.TryFind(last, out _));
    }

    [Fact]
    public async Task Base_in_an_earlier_pack_is_named_by_distance_and_second_copies_are_dropped()
    {
        byte[] whole = TestPack.Blob(new string('w', 300));
        var first = new TestPack();
        _ = first.Add(ObjectType.Blob, whole);
        var second = new TestPack();
        Oid delta = second.AddDelta(ObjectType.Blob, whole, [.. whole, 1]);
        _ = second.Add(ObjectType.Blob, whole);
        IndexedPack merged = await MergeAsync(PackSelection.AllOf([await OpenAsync(first), await OpenAsync(second)]));

        AssertHolds(merged, whole, [.. whole, 1]);
        Assert.True(merged.TryFind(delta, out int position));
        Assert.Equal(PackEntryType.OfsDelta, merged.File.ReadEntry(merged.Index.OffsetAt(position)).Header.Type);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Chains_deeper_than_the_limit_are_cut_by_whole_objects(bool basesFirst)
    {
        const int Length = (3 * Limits.MergedDepthMax) + 50;
        byte[] start = TestPack.Blob(new string('s', 200));
        byte[][] chain = [.. Enumerable.Range(0, Length).Select(i => (byte[])[.. start, (byte)i, (byte)(i >> 8)])];
        var pack = new TestPack();
        IEnumerable<int> deltas = Enumerable.Range(1, Length - 1);
        if (basesFirst)
        {
            _ = pack.Add(ObjectType.Blob, chain[0]);
        }

        foreach (int i in basesFirst ? deltas : deltas.Reverse())
        {
            _ = pack.AddDelta(ObjectType.Blob, chain[i - 1], chain[i]);
        }

        if (!basesFirst)
        {
            _ = pack.Add(ObjectType.Blob, chain[0]);
        }

        IndexedPack merged = await MergeAsync(PackSelection.AllOf([await OpenAsync(pack)]));
        AssertHolds(merged, chain);
        int whole = Enumerable.Range(0, merged.Count).Count(i => !merged.File.ReadEntry(merged.Index.OffsetAt(i)).Header.IsDelta);
        Assert.Equal((Length + Limits.MergedDepthMax) / (Limits.MergedDepthMax + 1), whole);
    }

    [Fact]
    public async Task Few_of_many_objects_are_copied_too()
    {
        var pack = new TestPack();
        byte[] start = TestPack.Blob(new string('s', 200));
        _ = pack.Add(ObjectType.Blob, start);
        byte[][] others = [.. Enumerable.Range(0, 200).Select(i => (byte[])[.. start, (byte)i])];
        foreach (byte[] one in others)
        {
            _ = pack.AddDelta(ObjectType.Blob, start, one);
        }

        IndexedPack source = await OpenAsync(pack);
        byte[][] some = [start, others[7], others[150]];
        AssertHolds(await MergeAsync([new PackSelection(source, [.. some.Select(one => PositionOf(source, one)).Order()])]), some);
        AssertHolds(await MergeAsync([new PackSelection(source, [.. some.Skip(1).Select(one => PositionOf(source, one)).Order()])]), some[1..]);
    }

    [Fact]
    public async Task Damaged_entry_is_not_copied_and_no_file_is_left()
    {
        var pack = new TestPack();
        _ = pack.Add(ObjectType.Blob, TestPack.Blob(new string('d', 3000)));
        _ = await OpenAsync(pack);
        byte[] bytes = await File.ReadAllBytesAsync(_folder["1.pack"], Stop);
        bytes[^25] ^= 4;
        await File.WriteAllBytesAsync(_folder["damaged.pack"], bytes, Stop);
        using var damaged = IndexedPack.Open(_folder["damaged.pack"], _folder["1.idx"], null);

        GitFormatException refused = await Assert.ThrowsAsync<GitFormatException>(() => MergeAsync(PackSelection.AllOf([damaged])));
        Assert.Equal(GitFormatError.Checksum, refused.Kind);
        Assert.False(File.Exists(_folder["merged1.pack"]) || File.Exists(_folder["merged1.idx"]));
    }

    private static int PositionOf(IndexedPack pack, byte[] blob)
    {
        Assert.True(pack.TryFind(TestPack.OidOf(ObjectType.Blob, blob), out int position));
        return position;
    }

    private static void AssertHolds(IndexedPack pack, params byte[][] blobs)
    {
        Assert.Equal(blobs.Length, pack.Count);
        foreach (byte[] blob in blobs)
        {
            Assert.Equal(blob, pack.Read(PositionOf(pack, blob), 100_000).Content.ToArray());
        }
    }

    private async Task<IndexedPack> OpenAsync(TestPack pack)
    {
        string name = $"{_opened.Count + 1}";
        var files = new PackIndexOptions { PackPath = _folder[name + ".pack"], IndexPath = _folder[name + ".idx"], Fsync = false };
        await PackIndexer.IndexAsync(pack.ToStream(), files, Stop);
        return Keep(IndexedPack.Open(files.PackPath, files.IndexPath, null));
    }

    private async Task<IndexedPack> MergeAsync(PackSelection[] sources)
    {
        string name = _folder[$"merged{_opened.Count}"];
        Oid checksum = await PackMerge.WriteFilesAsync(sources, name + ".pack", name + ".idx", fsync: false, deltas: false, null, Stop);
        IndexedPack merged = Keep(IndexedPack.Open(name + ".pack", name + ".idx", null));
        Assert.Equal(checksum, merged.File.Checksum);
        merged.Index.Verify();

        // The indexer reads every entry and computes every id: what it makes of the pack must be the index that we wrote.
        await using FileStream bytes = File.OpenRead(name + ".pack");
        await PackIndexer.IndexAsync(bytes, new PackIndexOptions { PackPath = name + ".again", IndexPath = name + ".again.idx", Fsync = false }, Stop);
        Assert.Equal(await File.ReadAllBytesAsync(name + ".again.idx", Stop), await File.ReadAllBytesAsync(name + ".idx", Stop));
        return merged;
    }

    private IndexedPack Keep(IndexedPack pack)
    {
        _opened.Add(pack);
        return pack;
    }
}
