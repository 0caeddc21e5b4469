using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Repositories;

namespace Actors.Sync.Engines;

public sealed partial class LocalBoard
{
    /// <summary>Begins campaigns whose turn it is, and stops those whose turn it is no longer. After each change.</summary>
    private void Reconsider()
    {
        List<CampaignRun> stopped = [];
        List<BoardCampaign> begun = [];
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            DateTimeOffset now = _clock.GetUtcNow();
            DateTimeOffset? next = null;
            List<(CampaignId, int)> ready = [];
            foreach (BoardCampaign campaign in _campaigns.Values.Where(campaign => campaign.Phase == CampaignPhase.Running))
            {
                if (campaign.GoesOnAt is { } at && at > now)
                {
                    next = next is null || at < next ? at : next;
                }
                else
                {
                    ready.Add((campaign.Id, campaign.Order.Priority));
                }
            }

            HashSet<CampaignId> chosen = CampaignTurns.Choose(ready, _options.RunsMax);
            foreach (BoardCampaign campaign in _campaigns.Values)
            {
                if (campaign.Run is { } run && !chosen.Contains(campaign.Id))
                {
                    stopped.Add(run);
                }
                else if (!campaign.IsWorked && chosen.Contains(campaign.Id))
                {
                    campaign.IsWorked = true;
                    begun.Add(campaign);
                }
            }

            _timer.Change(next is { } time ? TimeSpan.FromTicks(Math.Min((time - now).Ticks, Limits.TimerMax.Ticks)) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        // Not under the lock: what they wake may go on here and now.
        stopped.ForEach(run => run.Pause());
        begun.ForEach(Begin);
    }

    private void Begin(BoardCampaign campaign)
    {
        LogBegins(_log, campaign.Id.Number);
        if (_engine.IsInline)
        {
            _runs.Add(WorkAsync(campaign));
            return;
        }

        lock (_gate)
        {
            if (_closed)
            {
                campaign.IsWorked = false;
                return;
            }

            _runs.RemoveAll(ended => ended.IsCompleted);
            _runs.Add(Task.Run(() => WorkAsync(campaign)));
        }
    }

    /// <summary>One run, from where the last one stopped to wherever it stops. Throws nothing: a failure is kept, and tried again later.</summary>
    private async Task WorkAsync(BoardCampaign campaign)
    {
        bool ended = false;
        try
        {
            ended = await RunAsync(campaign).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Paused, cancelled, another's turn, or the end of the process: its position is kept.
        }
#pragma warning disable CA1031 // Whatever it is: other campaigns go on, and this one is tried again.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Fail(campaign, failure);
        }

        await CloseAsync(campaign, ended).ConfigureAwait(false);
        campaign.Changed.Set();
        Reconsider();
    }

    private async Task<bool> RunAsync(BoardCampaign campaign)
    {
        CampaignState state = await FindStateAsync(campaign.Id).ConfigureAwait(false);
        using CampaignJournal journal = await CampaignJournal.OpenAsync(campaign.Folder, state, _heads, _options.AtStep, _closing.Token).ConfigureAwait(false);
        journal.Grown = campaign.Changed.Set;
        using TextReader list = ListSpool.Open(campaign.Folder, journal.Position.Tally.LinesDone, out long linesBefore);
        BoardObserver observer = new(NoteOfCampaign, progress => Show(campaign, progress));
        using CampaignRun run = _engine.MakeRun(Request(campaign.Order, list, linesBefore), state, _room, journal, observer);
        bool wanted;
        lock (_gate)
        {
            run.Priority = campaign.Order.Priority;
            (campaign.Run, campaign.Journal) = (run, journal);
            wanted = campaign.Phase == CampaignPhase.Running;
        }

        try
        {
            if (wanted)
            {
                await StepAsync("run to be begun").ConfigureAwait(false);
                await RunAsync(run).ConfigureAwait(false);
                await StepAsync("run ended").ConfigureAwait(false);
                await _engine.ReconsiderAsideAsync(_closing.Token).ConfigureAwait(false);
            }

            return wanted;
        }
        finally
        {
            lock (_gate)
            {
                (campaign.Run, campaign.Journal, campaign.ReportLast) = (null, null, journal.ReportLast);
            }
        }
    }

    private async Task RunAsync(CampaignRun run)
    {
        try
        {
            await run.RunAsync(resumed: true, _closing.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!run.IsPaused && !_closing.IsCancellationRequested)
        {
            throw new InvalidOperationException("Something gave up that nobody had cancelled.", e);
        }
    }

    private async Task<CampaignState> FindStateAsync(CampaignId id)
    {
        await foreach (CampaignState state in _heads.ListCampaignsAsync(_closing.Token).ConfigureAwait(false))
        {
            if (state.Id == id)
            {
                return state;
            }
        }

        throw new InvalidOperationException($"The head store does not know campaign {id} any more.");
    }

    private CampaignRequest Request(CampaignOrder order, TextReader list, long linesBefore) => new()
    {
        List = list,
        LinesBefore = linesBefore,
        IsFromElsewhere = true,
        Key = "",
        Jobs = _options.Jobs,
        MaxAge = order.MaxAge,
        IgnoreRetryTimes = order.IgnoreRetryTimes,
        IncludeParked = order.IncludeParked,
        Refuse = _options.Refuse,
        Sync = new SyncOptions
        {
            Refs = order.Refs,
            Listings = _options.Listings,
            SyncTimeMax = order.SyncTimeMax,
            PackLimits = Git.Packs.PackLimits.Default with { PackBytesMax = order.PackBytesMax },
        },
    };

    private void Note(SyncReport report)
    {
        Interlocked.Increment(ref _done);
        _troubles.Add(report);
    }

    private void Show(BoardCampaign campaign, CampaignProgress progress)
    {
        lock (_gate)
        {
            campaign.Failures = 0;
            campaign.Progress = progress with { Elapsed = campaign.ElapsedBefore + progress.Elapsed };
        }

        campaign.Changed.Set();
    }

    private void Fail(BoardCampaign campaign, Exception failure)
    {
        DateTimeOffset at;
        lock (_gate)
        {
            at = _clock.GetUtcNow() + (Limits.FailedRunPause * Math.Pow(2, Math.Min(campaign.Failures, 6)));
            (campaign.GoesOnAt, campaign.Failure) = (at, failure.Message);
            campaign.Failures++;
        }

        LogFailed(_log, failure, campaign.Id.Number, at);
    }

    /// <summary>What is kept of a run beside its report and position is for people; where it cannot be written, the next run finds the same.</summary>
    private async Task CloseAsync(BoardCampaign campaign, bool ended)
    {
        lock (_gate)
        {
            campaign.IsWorked = false;
            campaign.ElapsedBefore = campaign.Progress.Elapsed;
            campaign.Progress = campaign.Progress with { Running = 0, Hosts = [] };
            if (ended && !campaign.HasEnded)
            {
                (campaign.Phase, campaign.EndedAt, campaign.GoesOnAt, campaign.Failure) = (CampaignPhase.Done, _clock.GetUtcNow(), null, null);
                LogPhase(_log, campaign.Id.Number, nameof(CampaignPhase.Done));
            }
        }

        try
        {
            await KeepAsync(campaign).ConfigureAwait(false);
            await EndCancelledAsync(campaign).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A full disk, or the end of the process.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogNotKept(_log, failure, campaign.Id.Number);
        }
    }
}
