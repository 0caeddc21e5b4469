using Actors.Git.Objects;
using Actors.Store.Objects;
using Xunit;

namespace Actors.Store.Tests.Objects;

/// <summary>The objects that a store must have after random operations; its histories are <c>line 0</c> to <c>line 29</c>.</summary>
internal sealed class StoreModel
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static IEnumerable<TestHistory> Histories => Enumerable.Range(0, 30).Select(i => new TestHistory($"line {i}"));

    public Dictionary<Oid, GitObject> Committed { get; } = [];

    /// <summary>Ingested without their blob.</summary>
    public List<TestHistory> Aside { get; } = [];

    /// <summary>Ingests the chosen objects of a history; closed or not, and how many are new, is as the model says.</summary>
    public async Task IngestAsync(IObjectStore store, TestHistory history, Func<Oid, bool> chosen)
    {
        await using IPackIngest ingest = await store.BeginIngestAsync(new IngestOptions(), Stop);
        await ingest.AddAsync(history.Pack(chosen).ToStream(), Stop);
        bool closed = history.Objects.Keys.All(oid => chosen(oid) || Committed.ContainsKey(oid));
        CommitResult result = await ingest.CommitAsync("model", null, Stop);
        Assert.Equal(closed ? CommitStatus.Committed : CommitStatus.NotClosed, result.Status);
        if (closed)
        {
            Assert.Equal(history.Objects.Keys.Count(oid => !Committed.ContainsKey(oid)), result.NewObjects);
            Expect(history);
        }
    }

    public void Expect(TestHistory history)
    {
        foreach ((Oid oid, GitObject one) in history.Objects)
        {
            Committed[oid] = one;
        }
    }

    /// <summary>After a crash what was being done is there in whole or not at all.</summary>
    public async Task AdoptAsync(IObjectStore store)
    {
        foreach (TestHistory history in Histories)
        {
            bool[] present = new bool[history.Objects.Count];
            await store.ContainsAsync(history.Objects.Keys.ToArray(), present, Stop);
            bool known = present.All(one => one);
            Assert.True(known || !present[history.Objects.Keys.ToList().IndexOf(history.Commit)], "A commit is visible and its objects are not.");
            if (known)
            {
                Expect(history);
            }
        }
    }

    /// <summary>Every object that must be there is, with its content, and no other.</summary>
    public async Task AssertAgreesAsync(IObjectStore store)
    {
        foreach (TestHistory history in Histories)
        {
            Oid[] oids = [.. history.Objects.Keys];
            bool[] present = new bool[oids.Length];
            await store.ContainsAsync(oids, present, Stop);
            Assert.Equal(oids.Select(Committed.ContainsKey), present);
            foreach (Oid oid in oids.Where(Committed.ContainsKey))
            {
                Assert.Equal(Committed[oid].Content.ToArray(), (await store.ReadAsync(oid, 1 << 20, Stop))!.Content.ToArray());
            }
        }
    }
}
