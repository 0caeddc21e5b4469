using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.ForgeHosts;

namespace Actors.Sync.Engines;

public sealed partial class LocalBoard
{
    private readonly ProcessFigures _figures;

    /// <inheritdoc/>
    public Task<IReadOnlyList<HostView>> ListHostsAsync(CancellationToken cancellationToken)
    {
        CampaignRun[] runs = Runs();
        DateTimeOffset now = _clock.GetUtcNow();
        List<HostView> views = [];
        lock (_room.Gate)
        {
            foreach (KnownHost known in _room.Hosts.Hosts)
            {
                views.Add(HostViews.Of(known, runs.Sum(run => run.CountWaiting(known.Host)), BrakedUntil(known.Host, now), now));
            }

            foreach (ForgeHostState state in _room.Hosts.Remembered)
            {
                views.Add(HostViews.Of(state, BrakedUntil(state.Host, now), now));
            }

            foreach (ForgeHost host in _room.Hosts.Brakes.Keys.Except(views.Select(view => view.Host)).ToArray())
            {
                views.Add(new HostView { Host = host, BrakedUntil = BrakedUntil(host, now) });
            }
        }

        return Task.FromResult<IReadOnlyList<HostView>>(
            [.. views.OrderByDescending(view => view.Running).ThenByDescending(view => view.Waiting).ThenBy(view => view.Host.ToString(), StringComparer.Ordinal)]);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SiloView>> ListSilosAsync(CancellationToken cancellationToken)
    {
        int running;
        lock (_gate)
        {
            running = _campaigns.Values.Sum(campaign => campaign.Progress.Running) + Volatile.Read(ref _watchRunning);
        }

        return Task.FromResult<IReadOnlyList<SiloView>>(
        [
            new SiloView
            {
                Name = Environment.MachineName,
                Status = "Active",
                Version = _options.Version,
                StartedAt = _startedAt,
                CpuShare = _figures.CpuShare,
                MemoryBytes = Environment.WorkingSet,
                Running = running,
                Done = Interlocked.Read(ref _done),
            },
        ]);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ExplainAsync(RepositoryUrl url, CancellationToken cancellationToken)
    {
        RepositoryState? state = (await _heads.FindAsync([url], cancellationToken).ConfigureAwait(false))[0];
        Visit? last = null;
        await foreach (Visit visit in _heads.ListVisitsAsync(url, cancellationToken).ConfigureAwait(false))
        {
            last = visit;
            break;
        }

        ForgeHost host = state?.Evidence.Address?.Host ?? url.Host;
        IReadOnlyList<HostView> hosts = await ListHostsAsync(cancellationToken).ConfigureAwait(false);
        List<CampaignFacts> campaigns = [];
        lock (_gate)
        {
            foreach (BoardCampaign campaign in _campaigns.Values)
            {
                lock (_room.Gate)
                {
                    campaigns.Add(new CampaignFacts(campaign.View(), campaign.IsWorked, campaign.Run?.IsOpen(url) == true, campaign.GoesOnAt, campaign.Failure));
                }
            }
        }

        return RepositoryExplanation.Explain(
            url, state, last?.Error, _room.VisitedSince(url.ToString()), hosts.FirstOrDefault(view => view.Host == host), campaigns, _options.Refuse?.Invoke(url), _clock.GetUtcNow());
    }

    private CampaignRun[] Runs()
    {
        lock (_gate)
        {
            return [.. from campaign in _campaigns.Values where campaign.Run is not null select campaign.Run, .. _watchRun is null ? (CampaignRun[])[] : [_watchRun]];
        }
    }

    private DateTimeOffset? BrakedUntil(ForgeHost host, DateTimeOffset now) =>
        _room.Hosts.IsBraked(host, now.UtcTicks, out long until) ? new DateTimeOffset(until, TimeSpan.Zero) : null;
}
