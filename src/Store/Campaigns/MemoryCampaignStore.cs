using System.Runtime.CompilerServices;
using Actors.Git.Remotes;
using Actors.Store.Campaigns.Memory;
using Actors.Store.Campaigns.Submissions;
using Actors.Store.Heads;

namespace Actors.Store.Campaigns;

/// <summary>Submitted campaigns in memory: for one process, gone with it.</summary>
public sealed partial class MemoryCampaignStore : ICampaignStore
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly Random _random;
    private readonly SortedDictionary<long, MemoryCampaign> _campaigns = [];
    private readonly Dictionary<ForgeHost, HostPause> _pauses = [];
    private long _last;

    /// <param name="clock">Measures leases.</param>
    /// <param name="random">Mixes campaigns of one priority, and hosts.</param>
    public MemoryCampaignStore(TimeProvider clock, Random random) => (_clock, _random) = (clock, random);

    public async Task<StoredCampaign> SubmitAsync(
        NewCampaign campaign, IAsyncEnumerable<SubmittedLine> lines, SubmissionOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(campaign);
        ArgumentNullException.ThrowIfNull(lines);
        MemoryCampaign added;
        Random random;
        lock (_gate)
        {
            added = new MemoryCampaign(new CampaignId(++_last), campaign, _clock.GetUtcNow());
            _campaigns.Add(_last, added);
            random = new Random(_random.Next());
        }

        try
        {
            MemorySubmission target = new(added, _gate, _clock);
            _ = await new ListSubmission(target, options ?? SubmissionOptions.Default, _clock, random).RunAsync(lines, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            lock (_gate)
            {
                _ = _campaigns.Remove(added.Id.Number);
            }

            throw;
        }

        lock (_gate)
        {
            return added.Show();
        }
    }

    public async IAsyncEnumerable<StoredCampaign> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        StoredCampaign[] all;
        lock (_gate)
        {
            all = [.. _campaigns.Values.Reverse().Select(c => c.Show())];
        }

        foreach (StoredCampaign campaign in all)
        {
            yield return campaign;
        }
    }

    public Task<StoredCampaign?> FindAsync(CampaignId id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_campaigns.GetValueOrDefault(id.Number)?.Show());
        }
    }

    public Task<CampaignStage?> SteerAsync(CampaignId id, CampaignStage wanted, CancellationToken cancellationToken)
    {
        if (wanted is not (CampaignStage.Running or CampaignStage.Paused or CampaignStage.Cancelled))
        {
            throw new ArgumentOutOfRangeException(nameof(wanted), wanted, "A campaign is paused, resumed or cancelled.");
        }

        lock (_gate)
        {
            MemoryCampaign? campaign = _campaigns.GetValueOrDefault(id.Number);
            if (campaign is { Stage: CampaignStage.Running or CampaignStage.Paused })
            {
                campaign.Stage = wanted;
                campaign.EndedAt = wanted == CampaignStage.Cancelled ? _clock.GetUtcNow() : null;
            }

            return Task.FromResult(campaign?.Stage);
        }
    }

    public Task<bool> SetPriorityAsync(CampaignId id, int priority, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_campaigns.TryGetValue(id.Number, out MemoryCampaign? campaign))
            {
                campaign.Priority = priority;
                return Task.FromResult(true);
            }

            return Task.FromResult(false);
        }
    }

    public async IAsyncEnumerable<StoredReportLine> ReadReportAsync(CampaignId id, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            byte[]? line;
            lock (_gate)
            {
                line = _campaigns.TryGetValue(id.Number, out MemoryCampaign? campaign) && after >= 0 && after < campaign.Report.Count ? campaign.Report[(int)after] : null;
            }

            if (line is null)
            {
                yield break;
            }

            yield return new StoredReportLine(++after, line);
        }
    }

    public Task<IReadOnlyList<HostBacklog>> CountBacklogAsync(CampaignId? campaign, int hostsMax, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<HostBacklog>>(
            [
                .. _campaigns.Where(c => c.Value.Stage == CampaignStage.Running && (campaign is null || c.Key == campaign.Value.Number)).Select(c => c.Value).SelectMany(c => c.Chunks).Where(c => !c.Closed).GroupBy(c => c.Host)
                    .Select(g => new HostBacklog(g.Key, g.Sum(c => (long)c.Lines.Length - c.CountDone()), g.Count()))
                    .OrderByDescending(b => b.Repositories).ThenBy(b => b.Host?.ToString(), StringComparer.Ordinal).Take(hostsMax),
            ]);
        }
    }

    public Task BrakeAsync(ForgeHost host, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _pauses[host] = new HostPause(host, until, null);
            foreach (MemoryChunk chunk in _campaigns.Values.SelectMany(c => c.Chunks).Where(c => (c.Host is null || c.Host == host) && !c.Closed && c.Holder is null && c.FreeAt > _clock.GetUtcNow()))
            {
                chunk.FreeAt = _clock.GetUtcNow();
            }
        }

        return Task.CompletedTask;
    }

    public Task SilenceAsync(IReadOnlyList<(ForgeHost Host, DateTimeOffset? Until)> hosts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        lock (_gate)
        {
            foreach ((ForgeHost host, DateTimeOffset? until) in hosts)
            {
                _pauses[host] = FindPause(host) with { SilentUntil = until };
            }
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<HostPause>> ListPausesAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            DateTimeOffset now = _clock.GetUtcNow();
            return Task.FromResult<IReadOnlyList<HostPause>>(
            [
                .. _pauses.Values.Where(p => IsPaused(p, now))
                    .Select(p => new HostPause(p.Host, p.BrakedUntil > now ? p.BrakedUntil : null, p.SilentUntil > now ? p.SilentUntil : null))
                    .OrderBy(p => p.Host.ToString(), StringComparer.Ordinal),
            ]);
        }
    }

    public Task<IReadOnlyList<CampaignId>> TidyAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            DateTimeOffset now = _clock.GetUtcNow();
            return Task.FromResult<IReadOnlyList<CampaignId>>([.. _campaigns.Values.Where(c => c.TryEnd(now)).Select(c => c.Id)]);
        }
    }

    public ValueTask DisposeAsync() => default;

    private static bool IsPaused(HostPause pause, DateTimeOffset now) => pause.BrakedUntil > now || pause.SilentUntil > now;

    private HostPause FindPause(ForgeHost host) => _pauses.GetValueOrDefault(host) ?? new HostPause(host, null, null);
}
