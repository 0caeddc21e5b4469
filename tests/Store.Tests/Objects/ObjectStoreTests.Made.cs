using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Store.Objects;
using Xunit;

namespace Actors.Store.Tests.Objects;

public abstract partial class ObjectStoreTests
{
    [Fact]
    public async Task Objects_made_here_are_read_back_byte_for_byte()
    {
        await using IObjectStore store = await OpenAsync();
        var history = new TestHistory();
        await using IPackIngest ingest = await store.BeginIngestAsync(new IngestOptions(), Stop);
        await AddMadeAsync(ingest, [.. history.Objects]);
        List<Oid> told = [];
        CommitResult result = await ingest.CommitAsync("test", (oid, _) => told.Add(oid), Stop);
        Assert.Equal((CommitStatus.Committed, history.Objects.Count), (result.Status, (int)result.NewObjects));
        Assert.Equal(history.Objects.Keys.Order(), told.Order());
        await AssertHoldsAsync(store, history);
    }

    [Fact]
    public async Task Objects_made_here_are_held_to_closure_as_all_others()
    {
        await using IObjectStore store = await OpenAsync();
        var history = new TestHistory();
        await using IPackIngest ingest = await store.BeginIngestAsync(new IngestOptions(), Stop);
        await AddMadeAsync(ingest, [.. history.Objects.Where(one => one.Key != history.Blob)]);
        Assert.Equal([history.Blob], (await ingest.FindMissingAsync(Stop)).Select(one => one.Oid));
        CommitResult result = await ingest.CommitAsync("test", null, Stop);
        Assert.Equal((CommitStatus.NotClosed, 1), (result.Status, (int)result.MissingCount));
        Assert.Equal([false], await ContainsAsync(store, history.Commit));
    }

    [Fact]
    public async Task Packs_made_here_refer_to_those_before_them()
    {
        await using IObjectStore store = await OpenAsync();
        var history = new TestHistory();
        await using IPackIngest ingest = await store.BeginIngestAsync(new IngestOptions(), Stop);
        await AddMadeAsync(ingest, [.. history.Objects.Where(one => one.Value.Type != ObjectType.Blob)]);
        await AddMadeAsync(ingest, [.. history.Objects.Where(one => one.Value.Type == ObjectType.Blob)]);
        Assert.Equal(CommitStatus.Committed, (await ingest.CommitAsync("test", null, Stop)).Status);
        await AssertHoldsAsync(store, history);
    }

    [Fact]
    public async Task Of_a_pack_that_is_not_written_to_its_end_nothing_remains()
    {
        await using IObjectStore store = await OpenAsync();
        var history = new TestHistory();
        await using IPackIngest ingest = await store.BeginIngestAsync(new IngestOptions(), Stop);
        await Assert.ThrowsAsync<TimeoutException>(() => ingest.AddMadeAsync(2, 1, [], (_, _) => throw new TimeoutException(), Stop));
        await AddMadeAsync(ingest, [.. history.Objects]);
        Assert.Equal(CommitStatus.Committed, (await ingest.CommitAsync("test", null, Stop)).Status);
        await AssertHoldsAsync(store, history);
    }

    /// <summary>Releases of a package, each with a pack of its own: as one visit after the other brings them.</summary>
    [Fact]
    public async Task Compaction_that_makes_deltas_keeps_every_object()
    {
        await using IObjectStore store = await OpenAsync();
        Dictionary<Oid, byte[]> all = [];
        for (int release = 0; release < 8; release++)
        {
            List<KeyValuePair<Oid, GitObject>> objects = Release(release);
            objects.ForEach(one => all[one.Key] = one.Value.Content.ToArray());
            await using IPackIngest ingest = await store.BeginIngestAsync(new IngestOptions(), Stop);
            await AddMadeAsync(ingest, [.. objects]);
            Assert.Equal(CommitStatus.Committed, (await ingest.CommitAsync("test", null, Stop)).Status);
        }

        await store.CompactAsync(new CompactionOptions { Full = true, Deltas = true }, Stop);
        StoreFigures figures = await store.ReadFiguresAsync(Stop);
        if (store is not MemoryObjectStore)
        {
            // Two whole copies of the noise would be 60 kB.
            Assert.InRange(figures.PackBytes, 30_000, 50_000);
        }

        foreach ((Oid oid, byte[] content) in all)
        {
            Assert.Equal(content, (await store.ReadAsync(oid, long.MaxValue, Stop))!.Content.ToArray());
        }
    }

    /// <summary>30 kB that do not compress, a few bytes of them the release's own, in a folder that is named by it.</summary>
    internal static List<KeyValuePair<Oid, GitObject>> Release(int release)
    {
        byte[] noise = new byte[30_000];
        new Random(1).NextBytes(noise);
        new Random(release).NextBytes(noise.AsSpan(1000 * release, 30));
        List<KeyValuePair<Oid, GitObject>> objects = [];
        Oid Add(ObjectType type, byte[] content)
        {
            Oid oid = TestPack.OidOf(type, content);
            objects.Add(new(oid, new GitObject(type, content)));
            return oid;
        }

        Oid file = Add(ObjectType.Blob, noise), small = Add(ObjectType.Blob, TestPack.Blob($"{release}"));
        Oid folder = Add(ObjectType.Tree, TestPack.Tree([("100644", "data", file), .. Enumerable.Range(0, 20).Select(i => ("100644", $"file{i:00}", small))]));
        Oid root = Add(ObjectType.Tree, TestPack.Tree(("40000", $"p-1.{release}", folder)));
        _ = Add(ObjectType.Commit, TestPack.Commit(root, $"{release}"));
        return objects;
    }

    private static Task AddMadeAsync(IPackIngest ingest, KeyValuePair<Oid, GitObject>[] objects)
    {
        HashSet<ObjectReference> references = [];
        foreach ((_, GitObject one) in objects)
        {
            ObjectReferences.Read(one.Type, one.Content.Span, reference => references.Add(reference));
        }

        return ingest.AddMadeAsync(
            (uint)objects.Length,
            1,
            references,
            async (writer, stop) =>
            {
                foreach ((Oid oid, GitObject one) in objects)
                {
                    await writer.WriteObjectAsync(oid, one.Type, one.Content, stop);
                }
            },
            Stop);
    }
}
