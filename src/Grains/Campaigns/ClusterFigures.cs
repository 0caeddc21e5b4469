using System.Collections.Concurrent;
using Actors.Git.Remotes;
using Actors.Grains.ForgeHosts;
using Actors.Grains.Silos;
using Actors.Store.Campaigns;
using Actors.Store.Heads;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;
using Actors.Sync.Schedules;
using Orleans.Runtime;

namespace Actors.Grains.Campaigns;

/// <summary>What the whole cluster does now, gathered from its silos and forge grains, and kept for a moment: whoever asks how often.</summary>
internal sealed class ClusterFigures(IGrainFactory grains, ISiloReader silos, IClusterMembershipService membership, GrainsParts parts, TimeProvider clock)
{
    private readonly Remembered<IReadOnlyList<HostView>> _hosts = new(clock);
    private readonly Remembered<IReadOnlyList<(SiloView View, SiloFigures Figures)>> _silos = new(clock);
    private readonly ConcurrentDictionary<CampaignId, Remembered<IReadOnlyList<HostProgress>>> _campaigns = new();

    /// <summary>Hosts with work or pauses, busiest first.</summary>
    public Task<IReadOnlyList<HostView>> ReadHostsAsync(CancellationToken cancellationToken) => _hosts.ReadAsync(GatherHostsAsync, cancellationToken);

    /// <summary>All silos that membership knows.</summary>
    public async Task<IReadOnlyList<SiloView>> ReadSilosAsync(CancellationToken cancellationToken) =>
        [.. (await _silos.ReadAsync(GatherSilosAsync, cancellationToken)).Select(s => s.View)];

    /// <summary>What all silos do to keep the store fresh; null: none does.</summary>
    public async Task<WatchView?> ReadWatchAsync(CancellationToken cancellationToken) =>
        WatchView.Join([.. (await _silos.ReadAsync(GatherSilosAsync, cancellationToken)).Select(s => s.Figures.Watch?.ToView()).OfType<WatchView>()]);

    /// <summary>Hosts that a campaign has work at, busiest first.</summary>
    public Task<IReadOnlyList<HostProgress>> ReadCampaignAsync(CampaignId id, CancellationToken cancellationToken)
    {
        if (_campaigns.Count >= Limits.CampaignsWatchedMax)
        {
            _campaigns.Clear();
        }

        return _campaigns.GetOrAdd(id, _ => new Remembered<IReadOnlyList<HostProgress>>(clock)).ReadAsync(cancellation => GatherCampaignAsync(id, cancellation), cancellationToken);
    }

    /// <summary>What all silos have to do with a repository now.</summary>
    public async Task<(IReadOnlySet<long> Campaigns, DateTimeOffset? VisitedSince)> LocateAsync(RepositoryUrl url, CancellationToken cancellationToken)
    {
        List<Task<RepositoryPlace?>> asked = [];
        foreach ((SiloAddress silo, SiloStatus status, _) in List())
        {
            if (status == SiloStatus.Active)
            {
                asked.Add(TryAsync(silos.At(silo).LocateAsync(url.ToString()), cancellationToken));
            }
        }

        RepositoryPlace[] places = [.. (await Task.WhenAll(asked)).OfType<RepositoryPlace>()];
        return (places.SelectMany(p => p.Campaigns).ToHashSet(), places.Min(p => p.VisitedSince));
    }

    public async Task<(IReadOnlyList<SyncReport> Failed, IReadOnlyList<SyncReport> Slowest)> ReadTroublesAsync(int max, CancellationToken cancellationToken)
    {
        List<Task<SiloTroublesReport?>> asked = [];
        foreach ((SiloAddress silo, SiloStatus status, _) in List())
        {
            if (status == SiloStatus.Active)
            {
                asked.Add(TryAsync(silos.At(silo).ReadTroublesAsync(max), cancellationToken));
            }
        }

        List<SiloTroublesReport> told = [.. (await Task.WhenAll(asked)).OfType<SiloTroublesReport>()];
        return ([.. Interleave(told.Select(t => t.Failed), max)], [.. told.SelectMany(t => t.Slowest).OrderByDescending(r => r.ElapsedMs).Take(max)]);
    }

    /// <summary>Reports carry no time of their own: the newest of each silo, then the second of each.</summary>
    private static IEnumerable<SyncReport> Interleave(IEnumerable<SyncReport[]> lists, int max) =>
        lists.SelectMany(list => list.Select((report, place) => (report, place))).OrderBy(r => r.place).Select(r => r.report).Take(max);

    private async Task<IReadOnlyList<HostView>> GatherHostsAsync(CancellationToken cancellationToken)
    {
        Dictionary<ForgeHost, long> waiting = [];
        foreach (HostBacklog backlog in await parts.Campaigns.CountBacklogAsync(Limits.HostsShownMax, cancellationToken))
        {
            if (backlog.Host is { } host)
            {
                waiting[host] = backlog.Repositories;
            }
        }

        foreach (HostPause pause in await parts.Campaigns.ListPausesAsync(cancellationToken))
        {
            waiting.TryAdd(pause.Host, 0);
        }

        // Rare hosts share chunks, which the backlog does not tell apart: silos know those that they visit.
        foreach ((_, SiloFigures figures) in await _silos.ReadAsync(GatherSilosAsync, cancellationToken))
        {
            foreach (CampaignFigures at in figures.Campaigns.Where(c => c.Running > 0 && waiting.Count < 2 * Limits.HostsShownMax))
            {
                waiting.TryAdd(ForgeHost.Parse(at.Host), at.Running + at.Waiting);
            }
        }

        // A host without a budget of its own is shown with the shared one's figures.
        HostView?[] views = await Task.WhenAll(waiting.Select(async pair =>
        {
            IForgeGrain forge = grains.GetGrain<IForgeGrain>(ForgeKey.Of(pair.Key, parts.Rules.Find(pair.Key)));
            HostView? view = await TryAsync(forge.ViewAsync(), cancellationToken);
            return view is null ? new HostView { Host = pair.Key, Waiting = pair.Value } : view with { Host = pair.Key, Waiting = Math.Max(0, pair.Value - view.Running) };
        }));
        return [.. views.OfType<HostView>().OrderByDescending(v => v.Running).ThenByDescending(v => v.Waiting)];
    }

    private async Task<IReadOnlyList<HostProgress>> GatherCampaignAsync(CampaignId id, CancellationToken cancellationToken)
    {
        Dictionary<ForgeHost, (int Running, long Open)> work = [];
        foreach ((_, SiloFigures figures) in await _silos.ReadAsync(GatherSilosAsync, cancellationToken))
        {
            foreach (CampaignFigures at in figures.Campaigns.Where(c => c.Campaign == id.Number))
            {
                ForgeHost host = ForgeHost.Parse(at.Host);
                (int running, long open) = work.GetValueOrDefault(host);
                work[host] = (running + at.Running, open + at.Running + at.Waiting);
            }
        }

        foreach (HostBacklog backlog in await parts.Campaigns.CountBacklogAsync(id, Limits.HostsShownMax, cancellationToken))
        {
            if (backlog.Host is { } host)
            {
                work[host] = (work.GetValueOrDefault(host).Running, backlog.Repositories);
            }
        }

        Dictionary<ForgeHost, HostView> views = (await ReadHostsAsync(cancellationToken)).ToDictionary(v => v.Host);
        return
        [
            .. from pair in work
               let view = views.GetValueOrDefault(pair.Key)
               orderby pair.Value.Running descending, pair.Value.Open descending, pair.Key.ToString()
               select new HostProgress(pair.Key, pair.Value.Running, Math.Max(0, pair.Value.Open - pair.Value.Running), view?.Done ?? 0, view?.Throttled ?? 0, view?.SilentUntil),
        ];
    }

    private async Task<IReadOnlyList<(SiloView View, SiloFigures Figures)>> GatherSilosAsync(CancellationToken cancellationToken)
    {
        (SiloView View, SiloFigures Figures)[] views = await Task.WhenAll(List().Select(async silo =>
        {
            SiloFigures? figures = silo.Status == SiloStatus.Active ? await TryAsync(silos.At(silo.Address).ReadAsync(), cancellationToken) : null;
            SiloView view = new()
            {
                Name = silo.Name,
                Status = silo.Status.ToString(),
                Version = figures?.Version ?? "",
                StartedAt = figures?.StartedAt,
                CpuShare = figures?.CpuShare,
                MemoryBytes = figures?.MemoryBytes,
                Activations = figures?.Activations ?? 0,
                Running = figures?.Running ?? 0,
                Done = figures?.Done ?? 0,
            };
            return (view, figures ?? new SiloFigures());
        }));
        return [.. views.OrderBy(v => v.View.Name, StringComparer.Ordinal)];
    }

    /// <summary>As this silo has heard of them: whoever asked another would wait for it where that is the one that died.</summary>
    private (SiloAddress Address, SiloStatus Status, string Name)[] List()
    {
        ClusterMember[] members = [.. membership.CurrentSnapshot.Members.Values.Where(member => member.Status != SiloStatus.Dead)];
        ILookup<string, ClusterMember> byName = members.ToLookup(member => member.Name ?? "", StringComparer.Ordinal);
        return [.. members.Select(member => (member.SiloAddress, member.Status, NameOf(member, isAlone: byName[member.Name ?? ""].Count() == 1)))];
    }

    /// <summary>The name that its operator gave it; with its address where that is another's too, for names are told apart by who draws and who measures.</summary>
    private static string NameOf(ClusterMember silo, bool isAlone) => string.IsNullOrEmpty(silo.Name) ? silo.SiloAddress.ToParsableString()
        : isAlone ? silo.Name
        : $"{silo.Name} at {silo.SiloAddress.ToParsableString()}";

    /// <summary>A silo may die while it is asked, or be of a version that knows no such question.</summary>
    private async Task<T?> TryAsync<T>(Task<T> asked, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await asked.WaitAsync(Limits.FiguresTime, clock, cancellationToken);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
