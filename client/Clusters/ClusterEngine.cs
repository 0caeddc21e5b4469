using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Web.Clients;

namespace Actors.Client.Clusters;

/// <summary>
/// An engine that is elsewhere: submits the campaign over HTTP, and tells the observer what the servers tell. Cancellation ends the
/// watching; the campaign goes on there.
/// </summary>
internal sealed class ClusterEngine : IEngine
{
    private readonly ApiClient _api;
    private readonly Action<string> _say;
    private readonly Lock _gate = new();
    private bool _isLost;

    /// <param name="options">The cluster.</param>
    /// <param name="clock">For waiting.</param>
    /// <param name="say">Told in a sentence that the connection broke, and that it is back; never while the observer is.</param>
    public ClusterEngine(ApiClientOptions options, TimeProvider clock, Action<string> say) =>
        (_say, _api) = (say, new ApiClient(options with { Lost = Tell }, clock));

    /// <summary>The API itself.</summary>
    public ApiClient Api => _api;

    /// <summary>The campaign that was submitted or found again; null before.</summary>
    public CampaignId? Campaign { get; private set; }

    /// <summary>How the campaign ended; null while it has not.</summary>
    public CampaignPhase? End { get; private set; }

    /// <summary>A name by which a list is found again.</summary>
    public static string NameOf(CampaignRequest request)
    {
        string name = request.Key.ReplaceLineEndings(" ");
        return name.Length <= Sync.Limits.CampaignNameMax ? name : name[..(Sync.Limits.CampaignNameMax - 1)] + "…";
    }

    /// <inheritdoc/>
    /// <exception cref="ApiException">The cluster does not do it; the message says why.</exception>
    public async Task<CampaignState> RunAsync(CampaignRequest request, ICampaignObserver observer, CancellationToken cancellationToken)
    {
        await _api.GreetAsync(cancellationToken);
        CampaignView? open = request.Resume ? await FindOpenAsync(NameOf(request), cancellationToken) : null;
        CampaignView campaign = open ?? await SubmitAsync(request, cancellationToken);
        return await FollowAsync(campaign, request.Key, resumed: open is not null, observer, cancellationToken);
    }

    /// <summary>Submits without watching.</summary>
    public async Task<CampaignView> SubmitAsync(CampaignRequest request, CancellationToken cancellationToken)
    {
        CampaignView campaign = await _api.SubmitAsync(OrderOf(request), request.List, cancellationToken);
        Campaign = campaign.Id;
        return campaign;
    }

    /// <summary>Watches a campaign to its end, with its whole report.</summary>
    public async Task<CampaignState> FollowAsync(CampaignView campaign, string key, bool resumed, ICampaignObserver observer, CancellationToken cancellationToken)
    {
        Campaign = campaign.Id;
        observer.Began(StateOf(campaign, key), resumed);
        using CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<CampaignView> watching = WatchAsync(campaign, observer, ends.Token);
        Task reading = ReadReportAsync(campaign.Id, observer, ends.Token);
        try
        {
            // Whichever fails first ends the other.
            await await Task.WhenAny(watching, reading);
            await Task.WhenAll(watching, reading);
        }
        finally
        {
            await ends.CancelAsync();
            await Task.WhenAll(watching, reading).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        // The last state again: now that all lines are told, it goes with them into the report.
        CampaignView last = await watching;
        observer.Progressed(last.Progress);
        End = last.Phase;
        return StateOf(last, key);
    }

    public ValueTask DisposeAsync()
    {
        _api.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<CampaignView> WatchAsync(CampaignView campaign, ICampaignObserver observer, CancellationToken cancellationToken)
    {
        CampaignView last = campaign;
        await foreach (CampaignView view in _api.WatchAsync(campaign.Id, cancellationToken))
        {
            lock (_gate)
            {
                if (view.Phase != last.Phase && view.Phase is CampaignPhase.Paused or CampaignPhase.Running or CampaignPhase.Cancelled)
                {
                    _say($"campaign {view.Id} is {(view.Phase == CampaignPhase.Paused ? "paused" : view.Phase == CampaignPhase.Running ? "running" : "cancelled")}");
                }

                last = view;
                observer.Progressed(view.Progress);
            }
        }

        return last;
    }

    private async Task ReadReportAsync(CampaignId id, ICampaignObserver observer, CancellationToken cancellationToken)
    {
        await foreach (ReportLine line in _api.ReadReportAsync(id, after: 0, follow: true, cancellationToken))
        {
            lock (_gate)
            {
                Replay(line, observer);
            }
        }
    }

    private static void Replay(ReportLine line, ICampaignObserver observer)
    {
        if (line.Sync is { } sync)
        {
            observer.SyncEnded(sync);
        }

        if (line.Rejected is { } rejected)
        {
            observer.LineRejected(rejected.LineNumber, rejected.Text, rejected.Reason);
        }
    }

    private async Task<CampaignView?> FindOpenAsync(string name, CancellationToken cancellationToken)
    {
        foreach (CampaignView campaign in await _api.ListCampaignsAsync(1000, cancellationToken))
        {
            // The newest of this name, if it has not ended: an older one is overtaken.
            if (campaign.Order.Name == name)
            {
                return campaign.EndedAt is null ? campaign : null;
            }
        }

        return null;
    }

    private static CampaignOrder OrderOf(CampaignRequest request) => new()
    {
        Name = NameOf(request),
        Refs = request.Sync.Refs,
        MaxAge = request.MaxAge,
        IgnoreRetryTimes = request.IgnoreRetryTimes,
        IncludeParked = request.IncludeParked,
        SyncTimeMax = request.Sync.SyncTimeMax,
        PackBytesMax = request.Sync.PackLimits.PackBytesMax,
    };

    private static CampaignState StateOf(CampaignView view, string key) => new()
    {
        Id = view.Id,
        Key = key,
        StartedAt = view.SubmittedAt,
        LinesDone = view.Progress.LinesRead,
        Outcomes = view.Progress.Outcomes,
        EndedAt = view.EndedAt,
    };

    /// <summary>Both streams break together, and are told once.</summary>
    private void Tell(string? broken)
    {
        lock (_gate)
        {
            if (broken is not null && !_isLost)
            {
                _isLost = true;
                _say($"{broken} (the campaign goes on there)");
            }
            else if (broken is null && _isLost)
            {
                _isLost = false;
                _say("connected again");
            }
        }
    }
}
