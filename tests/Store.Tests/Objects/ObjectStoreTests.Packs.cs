using Actors.Git.Objects;
using Actors.Store.Objects;
using Xunit;

namespace Actors.Store.Tests.Objects;

public abstract partial class ObjectStoreTests
{
    [Fact]
    public async Task Written_pack_holds_exactly_the_objects_asked_for()
    {
        await using IObjectStore store = await OpenAsync();
        var history = new TestHistory();
        await IngestAsync(store, history.Pack());
        await IngestAsync(store, new TestHistory("other").Pack());
        using var bytes = new MemoryStream();
        Oid[] asked = [.. history.Objects.Keys];
        Oid checksum = await store.WritePackAsync(asked, bytes, Stop);

        Assert.Equal(Oid.FromBytes(bytes.ToArray().AsSpan(^20..)), checksum);
        await using var other = new MemoryObjectStore();
        await using IPackIngest ingest = await other.BeginIngestAsync(new IngestOptions(), Stop);
        bytes.Position = 0;
        Assert.Equal(asked.Length, (await ingest.AddAsync(bytes, Stop)).ObjectCount);
        Assert.Equal(asked.Length, (await ingest.CommitAsync("test", null, Stop)).NewObjects);
        await AssertHoldsAsync(other, history);
    }

    [Fact]
    public async Task Written_pack_is_self_contained_when_bases_are_not_asked_for()
    {
        await using IObjectStore store = await OpenAsync();
        byte[] first = TestPack.Blob(new string('a', 500));
        byte[][] chain = [first, [.. first, 1], [.. first, 1, 2], [.. first, 1, 2, 3]];
        var pack = new TestPack();
        _ = pack.Add(ObjectType.Blob, chain[0]);
        Oid[] oids = [.. chain.Skip(1).Select((content, i) => pack.AddDelta(ObjectType.Blob, chain[i], content))];
        await IngestAsync(store, pack);
        using var bytes = new MemoryStream();
        await store.WritePackAsync([oids[0], oids[2], oids[1]], bytes, Stop);
        bytes.Position = 0;

        await using var other = new MemoryObjectStore();
        await using IPackIngest ingest = await other.BeginIngestAsync(new IngestOptions(), Stop);
        Assert.Equal(3, (await ingest.AddAsync(bytes, Stop)).ObjectCount);
        await ingest.CommitAsync("test", null, Stop);
        for (int i = 0; i < oids.Length; i++)
        {
            Assert.Equal(chain[i + 1], (await other.ReadAsync(oids[i], 1000, Stop))!.Content.ToArray());
        }
    }

    [Fact]
    public async Task Pack_of_an_absent_object_is_not_written()
    {
        await using IObjectStore store = await OpenAsync();
        Oid absent = TestPack.OidOf(ObjectType.Blob, TestPack.Blob("absent"));
        using var bytes = new MemoryStream();
        await Assert.ThrowsAsync<KeyNotFoundException>(() => store.WritePackAsync([absent], bytes, Stop));
        Assert.Equal(0, bytes.Length);
    }

    [Fact]
    public async Task Compaction_keeps_every_object()
    {
        await using IObjectStore store = await OpenAsync();
        TestHistory[] histories = [.. Enumerable.Range(0, 9).Select(i => new TestHistory($"line {i}"))];
        foreach (TestHistory history in histories)
        {
            await IngestAsync(store, history.Pack());
        }

        CompactionResult result = await store.CompactAsync(new CompactionOptions { Full = true }, Stop);
        Assert.True(result.PacksAfter <= 1);
        StoreFigures figures = await store.ReadFiguresAsync(Stop);
        Assert.Equal(result.PacksAfter, figures.Packs);
        Assert.Equal(histories.SelectMany(one => one.Objects.Keys).Distinct().Count(), figures.Objects);
        foreach (TestHistory history in histories)
        {
            await AssertHoldsAsync(store, history);
        }
    }
}
