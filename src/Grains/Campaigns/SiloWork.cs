using System.Collections.Concurrent;
using Actors.Git.Remotes;
using Actors.Grains.ForgeHosts;
using Actors.Grains.Registry;
using Actors.Grains.Silos;
using Actors.Store.Campaigns;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Repositories;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Actors.Grains.Campaigns;

/// <summary>A silo's worker: claims chunks of campaigns and works them, until the silo is told to stop; then it finishes what it can and gives back the rest.</summary>
public sealed partial class SiloWork : BackgroundService
{
    private readonly GrainsParts _parts;
    private readonly SiloGates _gates;
    private readonly RepositoryDirectory _holds;
    private readonly ChunkVisits _visits;
    private readonly SiloTroubles _troubles;
    private readonly SiloWatch _watch;
    private readonly TimeProvider _clock;
    private readonly ILogger<SiloWork> _log;
    private readonly string _name;
    private readonly Random _random;
    private readonly ConcurrentDictionary<ChunkHold, ChunkRun> _running = new();
    private readonly ConcurrentDictionary<CampaignId, CampaignOrder> _orders = new();
    private readonly SemaphoreSlim _ended = new(0);
    private readonly CancellationTokenSource _abort = new();
    private CancellationToken _drain;
    private int _claimed;

    internal SiloWork(
        GrainsParts parts, SiloGates gates, RepositoryDirectory holds, ChunkVisits visits, SiloTroubles troubles, SiloWatch watch, ILocalSiloDetails silo, TimeProvider clock,
        ILogger<SiloWork> log)
    {
        (_parts, _gates, _holds, _visits, _troubles, _watch, _clock, _log) = (parts, gates, holds, visits, troubles, watch, clock, log);
        _name = silo.SiloAddress.ToParsableString();
        _random = new Random(_name.GetHashCode(StringComparison.Ordinal));
    }

    /// <summary>Why no new work is taken, or null.</summary>
    public string? NotReady { get; private set; } = "the silo joins the cluster";

    /// <summary>Chunks that are worked.</summary>
    public int Chunks => _running.Count;

    /// <summary>What the silo does and has to do at each host, by campaign; 0: for the watch.</summary>
    internal CampaignFigures[] CountByCampaign()
    {
        Dictionary<(long Campaign, ForgeHost Host), (int Running, int Waiting)> counts = [];
        foreach (ChunkRun run in _running.Values.Concat(_watch.ListTurns()))
        {
            long campaign = run.Hold.Campaign.Number;
            foreach (ChunkHost at in run.ListHosts())
            {
                (int running, int waiting) = counts.GetValueOrDefault((campaign, at.Host));
                counts[(campaign, at.Host)] = (running + at.Running, waiting + at.Waiting);
            }
        }

        // All that runs, and the most of what waits: chunks of rare hosts have thousands.
        return
        [
            .. counts.OrderByDescending(c => c.Value.Running).ThenByDescending(c => c.Value.Waiting)
                .TakeWhile((c, place) => c.Value.Running > 0 || place < Limits.HostsShownMax)
                .Select(c => new CampaignFigures { Campaign = c.Key.Campaign, Host = c.Key.Host.ToString(), Running = c.Value.Running, Waiting = c.Value.Waiting }),
        ];
    }

    /// <summary>Campaigns that have taken a repository up here.</summary>
    internal long[] FindCampaigns(RepositoryUrl url) => [.. _running.Where(r => r.Value.IsOpen(url)).Select(r => r.Key.Campaign.Number).Distinct()];

    public override void Dispose()
    {
        base.Dispose();
        _ended.Dispose();
        _abort.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        NotReady = null;
        _drain = stoppingToken;
        Task watching = _watch.RunAsync(stoppingToken);
        try
        {
            if (!_parts.Work.Works)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, _clock, stoppingToken);
            }

            while (!stoppingToken.IsCancellationRequested)
            {
                bool found = await ClaimAsync();
                await _ended.WaitAsync(found ? Limits.ClaimSpacing : Idle(), stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Told to stop.
        }

        NotReady = "the silo drains";
        await DrainAsync();
        await watching;
    }

    private async Task<bool> ClaimAsync()
    {
        int free = Math.Min(_parts.Work.CampaignChunksMax - Volatile.Read(ref _claimed), Limits.ClaimsAtOnce);
        if (free <= 0)
        {
            return false;
        }

        try
        {
            // Its own hosts' chunks, and those of hosts that nobody works. Others' hosts only when it would have next to nothing to do:
            // each silo more at a host makes calls for its permits, its registry and its records, and the host serves no faster.
            ClaimRequest request = new() { Holder = _name, Max = free, Lease = _parts.Work.ChunkLease, Avoided = BusyHosts(), Unshared = true };
            bool found = await ClaimAsync(request);
            return found || (Volatile.Read(ref _claimed) < Limits.SharingBelow && await ClaimAsync(request with { Max = 1, Unshared = false }));
        }
        catch (IOException failure)
        {
            LogNotClaimed(_log, failure);
            return false;
        }
    }

    private async Task<bool> ClaimAsync(ClaimRequest request)
    {
        IReadOnlyList<ClaimedChunk> claimed = await _parts.Campaigns.ClaimAsync(request, _drain);
        foreach (ClaimedChunk chunk in claimed)
        {
            Interlocked.Increment(ref _claimed);
            _ = WorkAsync(chunk);
        }

        return claimed.Count > 0;
    }

    /// <summary>Hosts of which this silo has as much work as they let it do.</summary>
    private List<ForgeHost> BusyHosts()
    {
        HashSet<ForgeHost> hosts = [];
        foreach (ChunkRun run in _running.Values)
        {
            if (run.Host is { } host && _gates.Find(host).HasEnough)
            {
                hosts.Add(host);
            }
        }

        return [.. hosts];
    }

    private async Task WorkAsync(ClaimedChunk chunk)
    {
        try
        {
            CampaignOrder order = await FindOrderAsync(chunk.Hold.Campaign);
            using ChunkRun run = new(
                chunk, order, _parts.Campaigns, _parts.Heads, _gates, _holds, _visits.Of(chunk.Hold.Campaign.Number, order),
                new ChunkRunOptions { Jobs = _parts.Work.JobsOfChunk, Lease = _parts.Work.ChunkLease, Drain = _drain }, _clock, Ended);
            _running[chunk.Hold] = run;
            ChunkEnd end = await run.RunAsync(_abort.Token);
            LogChunk(_log, chunk.Hold.Campaign.Number, chunk.Hold.Chunk, end.ToString());
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // It comes back by itself, when its lease ends.
            LogChunkFailed(_log, failure, chunk.Hold.Campaign.Number, chunk.Hold.Chunk);
        }
        finally
        {
            _running.TryRemove(chunk.Hold, out _);
            Interlocked.Decrement(ref _claimed);
            _ended.Release();
        }
    }

    private async Task<CampaignOrder> FindOrderAsync(CampaignId id)
    {
        if (_orders.TryGetValue(id, out CampaignOrder? known))
        {
            return known;
        }

        StoredCampaign campaign = await _parts.Campaigns.FindAsync(id, CancellationToken.None) ?? throw new InvalidOperationException($"A chunk of campaign {id} was claimed, and there is no such campaign.");
        if (_orders.Count >= Limits.OrdersMax)
        {
            _orders.Clear();
        }

        return _orders[id] = CampaignOrderText.Read(campaign.Order);
    }

    private void Ended(SyncReport report)
    {
        _troubles.Add(report);
        _watch.See(report.Url);
    }

    /// <summary>Runs were told to stop with the same token: they end what runs; after a time they leave it.</summary>
    private async Task DrainAsync()
    {
        LogDraining(_log, Volatile.Read(ref _claimed));
        _abort.CancelAfter(_parts.Work.DrainTime);
        while (Volatile.Read(ref _claimed) > 0)
        {
            await _ended.WaitAsync(CancellationToken.None);
        }
    }

    /// <summary>Spread, so that silos that all wait do not all ask at once.</summary>
    private TimeSpan Idle() => Limits.IdlePeriod * (0.5 + _random.NextDouble());
}
