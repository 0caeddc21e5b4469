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
