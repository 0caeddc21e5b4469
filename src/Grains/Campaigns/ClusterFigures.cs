using Actors.Git.Remotes;
using Actors.Grains.ForgeHosts;
using Actors.Grains.Silos;
using Actors.Store.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;
using Orleans.Runtime;

namespace Actors.Grains.Campaigns;

/// <summary>What the whole cluster does now, gathered from its silos and forge grains, and kept for a moment: whoever asks how often.</summary>
internal sealed class ClusterFigures(IGrainFactory grains, ISiloReader silos, GrainsParts parts, TimeProvider clock)
{
    private readonly Remembered<IReadOnlyList<HostView>> _hosts = new(clock);
    private readonly Remembered<IReadOnlyList<SiloView>> _silos = new(clock);

    /// <summary>Hosts with work or pauses, busiest first.</summary>
    public Task<IReadOnlyList<HostView>> ReadHostsAsync(CancellationToken cancellationToken) => _hosts.ReadAsync(GatherHostsAsync, cancellationToken);

    /// <summary>All silos that membership knows.</summary>
    public Task<IReadOnlyList<SiloView>> ReadSilosAsync(CancellationToken cancellationToken) => _silos.ReadAsync(GatherSilosAsync, cancellationToken);

    public async Task<(IReadOnlyList<SyncReport> Failed, IReadOnlyList<SyncReport> Slowest)> ReadTroublesAsync(int max, CancellationToken cancellationToken)
    {
        List<Task<SiloTroublesReport?>> asked = [];
        foreach ((SiloAddress silo, SiloStatus status) in await ListAsync())
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

        // A host without a budget of its own is shown with the shared one's figures.
        HostView?[] views = await Task.WhenAll(waiting.Select(async pair =>
        {
            IForgeGrain forge = grains.GetGrain<IForgeGrain>(ForgeKey.Of(pair.Key, parts.Rules.Find(pair.Key)));
            HostView? view = await TryAsync(forge.ViewAsync(), cancellationToken);
            return view is null ? new HostView { Host = pair.Key, Waiting = pair.Value } : view with { Host = pair.Key, Waiting = pair.Value };
        }));
        return [.. views.OfType<HostView>().OrderByDescending(v => v.Running).ThenByDescending(v => v.Waiting)];
    }

    private async Task<IReadOnlyList<SiloView>> GatherSilosAsync(CancellationToken cancellationToken)
    {
        SiloView[] views = await Task.WhenAll((await ListAsync()).Select(async silo =>
        {
            SiloFigures? figures = silo.Status == SiloStatus.Active ? await TryAsync(silos.At(silo.Address).ReadAsync(), cancellationToken) : null;
            return new SiloView
            {
                Name = silo.Address.ToParsableString(),
                Status = silo.Status.ToString(),
                Version = figures?.Version ?? "",
                StartedAt = figures?.StartedAt,
                CpuShare = figures?.CpuShare,
                MemoryBytes = figures?.MemoryBytes,
                Activations = figures?.Activations ?? 0,
                Running = figures?.Running ?? 0,
                Done = figures?.Done ?? 0,
            };
        }));
        return [.. views.OrderBy(v => v.Name, StringComparer.Ordinal)];
    }

    private async Task<IReadOnlyList<(SiloAddress Address, SiloStatus Status)>> ListAsync() =>
        [.. (await grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: false)).Where(h => h.Value != SiloStatus.Dead).Select(h => (h.Key, h.Value))];

    /// <summary>A silo may die while it is asked.</summary>
    private async Task<T?> TryAsync<T>(Task<T> asked, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await asked.WaitAsync(Limits.FiguresTime, clock, cancellationToken);
        }
        catch (Exception failure) when (failure is TimeoutException or OrleansException)
        {
            return null;
        }
    }
}
