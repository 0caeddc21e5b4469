using System.Runtime.CompilerServices;
using Actors.Git.Remotes;
using Actors.Grains.ForgeHosts;
using Actors.Store.Campaigns;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;
using Actors.Sync.Schedules;

namespace Actors.Grains.Campaigns;

/// <summary>
/// The engine of a cluster: campaigns from the store, hosts from their grains, silos from membership. Holds nothing but figures of the
/// last seconds: every silo has one, and all say the same.
/// </summary>
internal sealed partial class ClusterBoard : ICampaignBoard
{
    private readonly IGrainFactory _grains;
    private readonly ICampaignStore _campaigns;
    private readonly GrainsParts _parts;
    private readonly TimeProvider _clock;
    private readonly ClusterFigures _figures;

    public ClusterBoard(IGrainFactory grains, GrainsParts parts, ClusterFigures figures, TimeProvider clock) =>
        (_grains, _parts, _campaigns, _figures, _clock) = (grains, parts, parts.Campaigns, figures, clock);

    public async Task<CampaignId> SubmitAsync(CampaignOrder order, Stream list, CancellationToken cancellationToken)
    {
        CampaignTurns.Check(order);
        ArgumentNullException.ThrowIfNull(list);
        StoredCampaign campaign = await _campaigns.SubmitAsync(
            new NewCampaign(CampaignOrderText.Write(order), order.Priority), ServedList.ReadAsync(list, _parts.AllowPrivate, cancellationToken), null, cancellationToken);
        await _grains.GetGrain<ICampaignGrain>(campaign.Id.Number).LookAfterAsync();
        return campaign.Id;
    }

    public async IAsyncEnumerable<CampaignView> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (StoredCampaign campaign in _campaigns.ListAsync(cancellationToken))
        {
            yield return View(campaign, await HostsAsync(campaign, cancellationToken));
        }
    }

    public async Task<CampaignView?> FindAsync(CampaignId id, CancellationToken cancellationToken)
    {
        StoredCampaign? campaign = await _campaigns.FindAsync(id, cancellationToken);
        return campaign is null ? null : View(campaign, await HostsAsync(campaign, cancellationToken));
    }

    public async IAsyncEnumerable<CampaignView> WatchAsync(CampaignId id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        StoredCampaign? before = null;
        while (await _campaigns.FindAsync(id, cancellationToken) is { } campaign)
        {
            bool ended = campaign.Stage is CampaignStage.Done or CampaignStage.Cancelled;
            if (campaign != before)
            {
                yield return View(campaign, await HostsAsync(campaign, cancellationToken));
                before = campaign;
            }

            if (ended)
            {
                yield break;
            }

            await Task.Delay(Limits.WatchPeriod, _clock, cancellationToken);
        }
    }

    public async Task<CampaignPhase?> SteerAsync(CampaignId id, CampaignPhase wanted, CancellationToken cancellationToken) => wanted switch
    {
        CampaignPhase.Running or CampaignPhase.Paused or CampaignPhase.Cancelled => (CampaignPhase?)(byte?)await _campaigns.SteerAsync(id, (CampaignStage)wanted, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(wanted), wanted, "A campaign is paused, resumed (running) or cancelled."),
    };

    public Task<bool> SetPriorityAsync(CampaignId id, int priority, CancellationToken cancellationToken)
    {
        CampaignTurns.CheckPriority(priority);
        return _campaigns.SetPriorityAsync(id, priority, cancellationToken);
    }

    public async IAsyncEnumerable<ReportLine> ReadReportAsync(CampaignId id, long after, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            // Looked at before reading: what ended before the reading is read.
            StoredCampaign? campaign = await _campaigns.FindAsync(id, cancellationToken);
            await foreach (StoredReportLine line in _campaigns.ReadReportAsync(id, after, cancellationToken))
            {
                after = line.Number;
                yield return StoredReportJson.Parse(line);
            }

            if (!follow || campaign is null or { Stage: CampaignStage.Done or CampaignStage.Cancelled })
            {
                yield break;
            }

            await Task.Delay(Limits.WatchPeriod, _clock, cancellationToken);
        }
    }

    public Task<(IReadOnlyList<SyncReport> Failed, IReadOnlyList<SyncReport> Slowest)> ListTroublesAsync(int max, CancellationToken cancellationToken) =>
        _figures.ReadTroublesAsync(max, cancellationToken);

    public async Task<IReadOnlyList<HostView>> ListHostsAsync(CancellationToken cancellationToken) => await _figures.ReadHostsAsync(cancellationToken);

    public async Task BrakeAsync(ForgeHost host, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        // Silos hear of it before they can claim: who refuses a chunk for a brake that was lifted would put it off again.
        await _grains.GetGrain<IForgeGrain>(ForgeKey.Of(host, _parts.Rules.Find(host))).BrakeAsync(until);
        await _campaigns.BrakeAsync(host, until, cancellationToken);
    }

    public async Task<IReadOnlyList<SiloView>> ListSilosAsync(CancellationToken cancellationToken) => await _figures.ReadSilosAsync(cancellationToken);

    public Task<WatchView?> ViewWatchAsync(CancellationToken cancellationToken) => _figures.ReadWatchAsync(cancellationToken);

    /// <summary>The stores are the silo's.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Also of a paused one: what runs ends.</summary>
    private async ValueTask<IReadOnlyList<HostProgress>> HostsAsync(StoredCampaign campaign, CancellationToken cancellationToken) =>
        campaign.Stage is CampaignStage.Running or CampaignStage.Paused ? await _figures.ReadCampaignAsync(campaign.Id, cancellationToken) : [];

    private CampaignView View(StoredCampaign campaign, IReadOnlyList<HostProgress> hosts)
    {
        CampaignOrder order = CampaignOrderText.Read(campaign.Order) with { Priority = campaign.Priority };
        return new CampaignView
        {
            Id = campaign.Id,
            Order = order,
            Phase = (CampaignPhase)(byte)campaign.Stage,
            SubmittedAt = campaign.SubmittedAt,
            EndedAt = campaign.EndedAt,
            Lines = campaign.Lines,
            Progress = new CampaignProgress
            {
                Elapsed = (campaign.EndedAt ?? _clock.GetUtcNow()) - campaign.SubmittedAt,
                LinesRead = campaign.Lines,
                ListEnded = campaign.Stage != CampaignStage.Submitting,
                Repositories = campaign.Repositories - campaign.Counts.Skipped,
                Duplicates = campaign.Duplicates,
                Rejected = campaign.Rejected,
                Skipped = campaign.Counts.Skipped,
                Outcomes = campaign.Counts.Outcomes,
                Running = hosts.Sum(h => h.Running),
                Objects = campaign.Counts.Objects,
                BytesReceived = campaign.Counts.BytesReceived,
                BytesSaved = campaign.Counts.BytesSaved,
                Requests = campaign.Counts.Requests,
                Hosts = [.. hosts.Take(20)],
            },
        };
    }
}
