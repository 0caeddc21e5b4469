using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.TestKit;
using Xunit;
using static Actors.Store.Tests.Heads.HeadExamples;

namespace Actors.Store.Tests.Heads;

/// <summary>Random operations on the database and on the head store in memory, which is the model.</summary>
public sealed class HeadStoreModelTests : IDisposable
{
    private const int Urls = 60;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Random_operations_with_reopening_agree_with_the_model(int seed)
    {
        Random random = new(seed);
        MemoryHeadStore model = new();
        SqliteHeadStore store = SqliteHeadStore.Open(_folder["heads.db"]);
        Snapshot heads = Big(random, null);
        HashSet<SnapshotId> written = [];
        for (int step = 0; step < 120; step++)
        {
            switch (random.Next(10))
            {
                case 0:
                    await store.DisposeAsync();
                    store = SqliteHeadStore.Open(_folder["heads.db"]);
                    break;
                case 1:
                    ImportedHeads[] imported = [.. Enumerable.Range(0, random.Next(5)).Select(_ => new ImportedHeads(Url(random.Next(Urls)), [.. Enumerable.Range(0, random.Next(4)).Select(Oid)]))];
                    await store.ImportAsync(imported, default);
                    await model.ImportAsync(imported, default);
                    break;
                case 2:
                    RepositoryUrl[] some = [.. Enumerable.Range(0, random.Next(80)).Select(_ => Url(random.Next(Urls + 5)))];
                    Assert.Equal(await model.FindAsync(some, default), await store.FindAsync(some, default));
                    break;
                default:
                    List<Visit> visits = [];
                    for (int i = random.Next(40); i > 0; i--)
                    {
                        Visit visit = RandomVisit(random, ref heads);
                        visits.Add(visit);
                        _ = visit.NewSnapshot is { } snapshot && written.Add(snapshot.Id);
                    }

                    await store.RecordAsync(visits, default);
                    await model.RecordAsync(visits, default);
                    break;
            }
        }

        await AssertSameAsync(model, store, written);
        await store.DisposeAsync();
        await using SqliteHeadStore again = SqliteHeadStore.Open(_folder["heads.db"]);
        await AssertSameAsync(model, again, written);
    }

    private static async Task AssertSameAsync(MemoryHeadStore model, SqliteHeadStore store, HashSet<SnapshotId> written)
    {
        List<RepositoryState> expected = await ListAsync(model.ListAsync(default));
        Assert.Equal(expected, await ListAsync(store.ListAsync(default)));
        Assert.Equal(await model.CountByOutcomeAsync(default), await store.CountByOutcomeAsync(default));
        foreach (RepositoryUrl url in expected.Select(s => s.Url))
        {
            Assert.Equal(await ListAsync(model.ListVisitsAsync(url, default)), await ListAsync(store.ListVisitsAsync(url, default)));
            Assert.Equal((await model.FindImportedAsync(url, default))?.Oids, (await store.FindImportedAsync(url, default))?.Oids);
        }

        foreach (SnapshotId id in written)
        {
            Assert.Equal((await model.ReadSnapshotAsync(id, default))!.Branches, (await store.ReadSnapshotAsync(id, default))!.Branches);
        }
    }

    private static Visit RandomVisit(Random random, ref Snapshot heads)
    {
        Outcome outcome = OutcomeNames.All[random.Next(OutcomeNames.All.Count)];
        bool changed = outcome is Outcome.New or Outcome.Updated;
        heads = changed ? Big(random, heads) : heads;
        Visit visit = Visit(random.Next(Urls), outcome, random.Next(1000), changed ? heads : null) with { Campaign = new CampaignId(random.Next(5)) };
        return visit with
        {
            Objects = random.Next(3),
            CloneBytes = random.Next(4) == 0 ? random.NextInt64() : null,
            RetryAt = random.Next(4) == 0 ? Start.AddDays(random.Next(100)) : null,
            MovedTo = random.Next(6) == 0 ? Url(random.Next(1000)) : null,
            Error = outcome.IsSuccess() ? null : "error " + random.Next(),
        };
    }

    /// <summary>Heads that differ a little from those before, so that deltas are made; now and then all new.</summary>
    private static Snapshot Big(Random random, Snapshot? before)
    {
        IEnumerable<SnapshotBranch> kept = before is null || random.Next(15) == 0 ? [] : before.Branches.Where(_ => random.Next(30) != 0);
        Dictionary<RefName, SnapshotBranch> branches = kept.ToDictionary(b => b.Name);
        for (int i = branches.Count == 0 ? 100 : random.Next(4); i > 0; i--)
        {
            RefName name = RefName.Parse($"refs/heads/topic-{random.Next(300)}");
            branches[name] = new SnapshotBranch(name, SnapshotTarget.Revision, Oid(random.Next(1, int.MaxValue)));
        }

        return Store.Heads.Snapshot.Create(branches.Values);
    }
}
