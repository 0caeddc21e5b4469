using System.Net;
using Actors.Git.Objects;
using Actors.Store.Objects;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Store.Tests.Objects;

/// <summary>Processes of one store of which each has a part of the object index.</summary>
public sealed class SharedObjectStoreSplitTests(SharedPostgres postgres)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_process_commits_the_other_finds_reads_and_compacts_though_each_has_a_part_of_the_index()
    {
        using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip);
        SharedStoreOptions options = SharedStores.Options with { IndexEndPoint = new IPEndPoint(IPAddress.Loopback, 0), IndexHost = "127.0.0.1" };
        await using SharedObjectStore one = await stores.OpenAsync(options);
        await using SharedObjectStore two = await stores.OpenAsync(options);
        TestHistory[] histories = [.. Enumerable.Range(0, 3).Select(i => new TestHistory($"history {i}"))];
        for (int i = 0; i < histories.Length; i++)
        {
            await using IPackIngest ingest = await (i % 2 == 0 ? one : two).BeginIngestAsync(new IngestOptions { Threads = 1 }, Stop);
            await ingest.AddAsync(histories[i].Pack().ToStream(), Stop);
            Assert.Equal((CommitStatus.Committed, 7), await CommitAsync(ingest));
            await AssertHoldsAsync(one, histories[..(i + 1)]);
            await AssertHoldsAsync(two, histories[..(i + 1)]);
        }

        CompactionResult compacted = await two.CompactAsync(new CompactionOptions { Full = true }, Stop);
        Assert.Equal((3, 1), (compacted.PacksBefore, compacted.PacksAfter));
        await AssertHoldsAsync(one, histories);
        await AssertHoldsAsync(two, histories);
    }

    private static async Task<(CommitStatus, int)> CommitAsync(IPackIngest ingest)
    {
        CommitResult result = await ingest.CommitAsync("test", null, Stop);
        return (result.Status, (int)result.NewObjects);
    }

    private static async Task AssertHoldsAsync(SharedObjectStore store, TestHistory[] histories)
    {
        Oid[] oids = [.. histories.SelectMany(history => history.Objects.Keys), TestPack.OidOf(ObjectType.Blob, [1, 2, 3])];
        bool[] present = new bool[oids.Length];
        await store.ContainsAsync(oids, present, Stop);
        Assert.Equal([.. Enumerable.Repeat(true, oids.Length - 1), false], present);
        foreach ((Oid oid, GitObject expected) in histories.SelectMany(history => history.Objects))
        {
            GitObject? read = await store.ReadAsync(oid, 1 << 20, Stop);
            Assert.Equal(expected.Content.ToArray(), read!.Content.ToArray());
        }
    }
}
