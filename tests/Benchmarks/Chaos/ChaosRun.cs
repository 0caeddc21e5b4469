using Actors.Benchmarks.Unchanged;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.TestKit;
using Actors.TestKit.Judges;
using Microsoft.Extensions.Logging.Abstractions;

namespace Actors.Benchmarks.Chaos;

/// <summary>The embedded engine over a store in a folder, campaign after campaign; what each told is compared with what the forges showed.</summary>
internal sealed class ChaosRun : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly GitClient _client = new(new GitClientOptions { ReadIdleTimeMax = TimeSpan.FromSeconds(4), ConnectTimeMax = TimeSpan.FromSeconds(4), ProbeTimeMax = TimeSpan.FromSeconds(15) });
    private readonly LocalObjectStore _objects;
    private readonly SqliteHeadStore _heads;
    private readonly LocalEngine _engine;
    private readonly ChaosForges _forges;
    private readonly HostRuleBook _rules;
    private int _campaigns;

    public ChaosRun(ChaosForges forges)
    {
        _forges = forges;
        _objects = LocalObjectStore.Open(_folder.Make("store"), StoreAccess.Write, TimeProvider.System);
        _heads = SqliteHeadStore.Open(_folder["store", "heads.sqlite"]);
        _engine = new LocalEngine(
            _client, _objects, _heads, TimeProvider.System, new Random(1), NullLoggerFactory.Instance, new LocalEngineOptions { SpoolFolder = _folder["spool"] });

        // As hosts of the internet; impatient, for five minutes are short.
        _rules = new HostRuleBook(
            forges.Forges.ToDictionary(forge => forge.Forge.Address.Authority, _ => new HostRules { Silence = TimeSpan.FromSeconds(2) }), new HostRules());
    }

    /// <summary>Visits by outcome.</summary>
    public Dictionary<Outcome, long> Outcomes { get; } = [];

    /// <summary>Repositories without exactly one visit by a campaign.</summary>
    public long Lost { get; private set; }

    /// <summary>Heads that their forge did not show, failures that it does not cause; the first few in words.</summary>
    public long Wrong { get; private set; }

    public List<string> Examples { get; } = [];

    /// <summary>One campaign over all repositories; then each visit is judged.</summary>
    public async Task RunCampaignAsync()
    {
        using StringReader list = new(string.Join('\n', _forges.Repositories.Select(repository => repository.Url)));
        CampaignRequest request = new()
        {
            List = list, Key = $"chaos {++_campaigns}", Jobs = 32, HostLimits = new HostLimits(8, double.PositiveInfinity), HostRules = _rules, IgnoreRetryTimes = true, IncludeParked = true,
        };
        CampaignState campaign = await _engine.RunAsync(request, new CountingObserver(), CancellationToken.None);
        foreach (ChaosRepository repository in _forges.Repositories)
        {
            await JudgeAsync(repository, campaign.Id);
        }
    }

    /// <summary>Repositories whose heads are not yet what their forge shows; those that are deleted must be told gone.</summary>
    public async Task<int> CountUnlikeAsync()
    {
        int unlike = 0;
        foreach (ChaosRepository repository in _forges.Repositories)
        {
            RepositoryState state = (await _heads.FindAsync([RepositoryUrl.Parse(repository.Url)], CancellationToken.None))[0]!;
            bool isLike = state.Outcome.IsSuccess() ? await ReadHeadsAsync(state.Snapshot!.Value) == repository.Refs : state.Outcome == Outcome.Gone && ChaosForges.MayFail(repository.Forge, Outcome.Gone);
            unlike += isLike ? 0 : 1;
        }

        return unlike;
    }

    /// <summary>git reads everything that the repositories' refs reach from the store, but for those that are gone.</summary>
    public async Task CheckStoreAsync()
    {
        StoreJudge judge = new(_folder["store", "objects"], _folder.Make("judge"));
        judge.AssertClosed();
        foreach (ChaosRepository repository in _forges.Repositories)
        {
            RepositoryState state = (await _heads.FindAsync([RepositoryUrl.Parse(repository.Url)], CancellationToken.None))[0]!;
            if (state.Outcome.IsSuccess())
            {
                judge.AssertHolds(repository.Source);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _client.DisposeAsync();
        await _heads.DisposeAsync();
        await _objects.DisposeAsync();
        _folder.Dispose();
    }

    private async Task JudgeAsync(ChaosRepository repository, CampaignId campaign)
    {
        List<Visit> visits = await _heads.ListVisitsAsync(RepositoryUrl.Parse(repository.Url), CancellationToken.None).TakeWhile(visit => visit.Campaign == campaign).ToListAsync();
        if (visits.Count != 1)
        {
            Lost++;
            return;
        }

        Visit visit = visits[0];
        Outcomes[visit.Outcome] = Outcomes.GetValueOrDefault(visit.Outcome) + 1;
        bool isTrue = visit.Outcome.IsSuccess()
            ? repository.MayHaveShown(await ReadHeadsAsync(visit.Snapshot!.Value), visit.StartedAt, visit.StartedAt.AddMilliseconds(visit.ElapsedMs + 1))
            : ChaosForges.MayFail(repository.Forge, visit.Outcome);
        if (!isTrue)
        {
            Wrong++;
            Examples.Add($"{repository.Url} ({repository.Forge}): {visit.Outcome.ToName()} {visit.Error}");
        }
    }

    private async Task<string> ReadHeadsAsync(SnapshotId id)
    {
        Snapshot snapshot = (await _heads.ReadSnapshotAsync(id, CancellationToken.None))!;
        return ChaosRepository.Text(snapshot.Branches.Where(branch => branch.Target != SnapshotTarget.Alias).Select(branch => (branch.Name.ToString(), branch.Oid.ToString())));
    }
}
