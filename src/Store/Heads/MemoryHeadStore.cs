using Actors.Git.Remotes;

namespace Actors.Store.Heads;

/// <summary>A head store that lives as long as its object: for tests, demonstrations and runs that keep nothing.</summary>
public sealed partial class MemoryHeadStore : IHeadStore
{
    private static readonly int OutcomesCount = OutcomeNames.All.Max(o => (int)o) + 1;

    private readonly Lock _lock = new();
    private readonly Dictionary<RepositoryUrl, int> _places = [];
    private readonly List<(RepositoryState State, List<Visit> Visits)> _repositories = [];
    private readonly Dictionary<SnapshotId, Snapshot> _snapshots = [];
    private readonly Dictionary<RepositoryUrl, ImportedHeads> _imported = [];
    private readonly SortedDictionary<string, ForgeHostState> _forgeHosts = new(StringComparer.Ordinal);
    private readonly List<CampaignState> _campaigns = [];

    public ValueTask<IReadOnlyList<RepositoryState?>> FindAsync(IReadOnlyList<RepositoryUrl> urls, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(urls);
        lock (_lock)
        {
            return new([.. urls.Select(url => _places.TryGetValue(url, out int place) ? _repositories[place].State : null)]);
        }
    }

    public ValueTask RecordAsync(IReadOnlyList<Visit> visits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(visits);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (Visit visit in visits)
        {
            visit.Check();
        }

        lock (_lock)
        {
            foreach (Visit visit in visits)
            {
                Record(visit);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<Snapshot?> ReadSnapshotAsync(SnapshotId id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return new(id == SnapshotId.Empty ? Snapshot.Empty : _snapshots.GetValueOrDefault(id));
        }
    }

    public IAsyncEnumerable<RepositoryState> ListAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _repositories.Select(r => r.State).ToArray().ToAsyncEnumerable();
        }
    }

    public IAsyncEnumerable<Visit> ListVisitsAsync(RepositoryUrl url, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Visit[] visits = _places.TryGetValue(url, out int place) ? [.. _repositories[place].Visits.AsEnumerable().Reverse()] : [];
            return visits.ToAsyncEnumerable();
        }
    }

    public ValueTask<IReadOnlyList<long>> CountByOutcomeAsync(CancellationToken cancellationToken)
    {
        long[] counts = new long[OutcomesCount];
        lock (_lock)
        {
            foreach ((RepositoryState state, _) in _repositories)
            {
                counts[(int)state.Outcome]++;
            }
        }

        return new(counts);
    }

    public IAsyncEnumerable<ForgeHostState> ListForgeHostsAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _forgeHosts.Values.ToArray().ToAsyncEnumerable();
        }
    }

    public ValueTask SaveForgeHostAsync(ForgeHostState state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentException.ThrowIfNullOrEmpty(state.Host.ToString());
        lock (_lock)
        {
            _forgeHosts[state.Host.ToString()] = state with { SilentUntil = HeadTime.Kept(state.SilentUntil) };
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask SaveProfilesAsync(IReadOnlyList<(ForgeHost Host, string Profile)> profiles, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(profiles);
        lock (_lock)
        {
            foreach ((ForgeHost host, string profile) in profiles)
            {
                _forgeHosts[host.ToString()] = (_forgeHosts.GetValueOrDefault(host.ToString()) ?? new ForgeHostState(host, null, null, null)) with { Profile = profile };
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<CampaignState> BeginCampaignAsync(CampaignState campaign, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(campaign);
        lock (_lock)
        {
            CampaignState begun = campaign.Kept() with { Id = new CampaignId(_campaigns.Count + 1) };
            _campaigns.Add(begun);
            return new(begun);
        }
    }

    public ValueTask SaveCampaignAsync(CampaignState campaign, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(campaign);
        lock (_lock)
        {
            long place = campaign.Id.Number - 1;
            if (place < 0 || place >= _campaigns.Count)
            {
                throw new ArgumentException($"There is no campaign {campaign.Id}.", nameof(campaign));
            }

            CampaignState begun = _campaigns[(int)place];
            _campaigns[(int)place] = campaign.Kept() with { Key = begun.Key, StartedAt = begun.StartedAt };
        }

        return ValueTask.CompletedTask;
    }

    public IAsyncEnumerable<CampaignState> ListCampaignsAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _campaigns.AsEnumerable().Reverse().ToArray().ToAsyncEnumerable();
        }
    }

    public ValueTask ImportAsync(IReadOnlyList<ImportedHeads> heads, CancellationToken cancellationToken)
    {
        ImportedHeads.Check(heads);
        lock (_lock)
        {
            foreach (ImportedHeads imported in heads)
            {
                _ = Place(imported.Url);
                _imported[imported.Url] = imported with { Oids = [.. imported.Oids] };
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<ImportedHeads?> FindImportedAsync(RepositoryUrl url, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return new(_imported.GetValueOrDefault(url));
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Record(Visit visit)
    {
        int place = Place(visit.Url);
        (RepositoryState before, List<Visit> visits) = _repositories[place];
        RepositoryState after = before.After(visit);
        if (visit.NewSnapshot is { } snapshot)
        {
            _ = _snapshots.TryAdd(snapshot.Id, snapshot);
        }

        visits.Add(visit.Kept(after.Visit, after.Snapshot));
        _repositories[place] = (after, visits);
    }

    private int Place(RepositoryUrl url)
    {
        if (!_places.TryGetValue(url, out int place))
        {
            place = _repositories.Count;
            _repositories.Add((new RepositoryState { Url = url }, []));
            _places.Add(url, place);
        }

        return place;
    }
}
