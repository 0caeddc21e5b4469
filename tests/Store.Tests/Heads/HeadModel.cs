using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Xunit;
using static Actors.Store.Tests.Heads.HeadExamples;

namespace Actors.Store.Tests.Heads;

/// <summary>Random operations on a head store and on the one in memory, which is the model.</summary>
internal sealed class HeadModel(Random random) : IAsyncDisposable
{
    private const int Urls = 60;

    private readonly MemoryHeadStore _model = new();
    private readonly HashSet<SnapshotId> _written = [];
    private Snapshot _heads = Big(random, null);

    public ValueTask DisposeAsync() => _model.DisposeAsync();

    /// <summary>One operation, on both; what is read is compared.</summary>
    public async Task StepAsync(IHeadStore store)
    {
        switch (random.Next(9))
        {
            case 0:
                ImportedHeads[] imported = [.. Enumerable.Range(0, random.Next(5)).Select(_ => new ImportedHeads(Url(random.Next(Urls)), [.. Enumerable.Range(0, random.Next(4)).Select(Oid)]))];
                await store.ImportAsync(imported, default);
                await _model.ImportAsync(imported, default);
                break;
            case 1:
                RepositoryUrl[] some = [.. Enumerable.Range(0, random.Next(80)).Select(_ => Url(random.Next(Urls + 5)))];
                Assert.Equal(await _model.FindAsync(some, default), await store.FindAsync(some, default));
                break;
            default:
                List<Visit> visits = [];
                for (int i = random.Next(40); i > 0; i--)
                {
                    Visit visit = RandomVisit();
                    visits.Add(visit);
                    _ = visit.NewSnapshot is { } snapshot && _written.Add(snapshot.Id);
                }

                await store.RecordAsync(visits, default);
                await _model.RecordAsync(visits, default);
                break;
        }
    }

    /// <summary>All that can be read is the same.</summary>
    public async Task AssertSameAsync(IHeadStore store)
    {
        List<RepositoryState> expected = await ListAsync(_model.ListAsync(default));
        Assert.Equal(expected, await ListAsync(store.ListAsync(default)));
        Assert.Equal(await _model.CountByOutcomeAsync(default), await store.CountByOutcomeAsync(default));
        foreach (RepositoryUrl url in expected.Select(s => s.Url))
        {
            Assert.Equal(await ListAsync(_model.ListVisitsAsync(url, default)), await ListAsync(store.ListVisitsAsync(url, default)));
            Assert.Equal((await _model.FindImportedAsync(url, default))?.Oids, (await store.FindImportedAsync(url, default))?.Oids);
        }

        foreach (SnapshotId id in _written)
        {
            Assert.Equal((await _model.ReadSnapshotAsync(id, default))!.Branches, (await store.ReadSnapshotAsync(id, default))!.Branches);
        }
    }

    private Visit RandomVisit()
    {
        Outcome outcome = OutcomeNames.All[random.Next(OutcomeNames.All.Count)];
        bool changed = outcome is Outcome.New or Outcome.Updated;
        _heads = changed ? Big(random, _heads) : _heads;
        Visit visit = Visit(random.Next(Urls), outcome, random.Next(1000), changed ? _heads : null) with { Campaign = new CampaignId(random.Next(5)) };
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
