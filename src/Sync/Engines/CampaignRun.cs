using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.ForgeHosts;
using Microsoft.Extensions.Logging;

namespace Actors.Sync.Engines;

/// <summary>
/// One run of one campaign in this process: a reader fills the hosts' queues, workers take turns and sync, a recorder makes
/// visits durable and reports them, a keeper tells progress and saves the position. They meet under one lock, held for
/// moments, never over an await or an observer's call. The rules are <see cref="VisitRule"/>'s and <see cref="HostQueues"/>'s.
/// </summary>
internal sealed partial class CampaignRun : IDisposable
{
    private readonly Lock _gate;
    private readonly CampaignRoom _room;
    private readonly CampaignJournal? _journal;
    private readonly CampaignRequest _request;
    private readonly CampaignState _campaign;
    private readonly CampaignObserving _observing;
    private readonly IHeadStore _heads;
    private readonly SyncStep _sync;
    private readonly CompactionStep? _compact;
    private readonly CanaryStep? _canary;
    private readonly HostQueues _queues;
    private readonly LocalEngineOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly LineTally _tally;
    private readonly CampaignCounts _counts;
    private readonly VisitRule _rule;
    private readonly long _beganAt;

    /// <summary>URLs that are looked up, wait in memory, run, or wait to be recorded: what the head store does not know yet.</summary>
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _running = new();
    private bool _stopping;
    private bool _listEnded;
    private bool _workEnded;

    /// <param name="request">What, and how.</param>
    /// <param name="campaign">Its number, and how far it is.</param>
    /// <param name="room">What it shares with the other campaigns of this process.</param>
    /// <param name="journal">Where it goes on exactly, and its report; null: only the head store's position.</param>
    /// <param name="observer">Told what happens.</param>
    /// <param name="steps">What it does with a repository.</param>
    /// <param name="options">Its surroundings.</param>
    public CampaignRun(
        CampaignRequest request, CampaignState campaign, CampaignRoom room, CampaignJournal? journal, ICampaignObserver observer, CampaignSteps steps, LocalEngineOptions options)
    {
        (_request, _campaign, _room, _journal, _options) = (request, campaign, room, journal, options);
        (_heads, _sync, _compact, _canary, _clock, _log) = (room.Heads, steps.Sync, steps.Compact, steps.Canary, room.Clock, room.Log);
        _gate = room.Gate;
        _observing = new CampaignObserving(observer);
        _queues = new HostQueues(room.Hosts, options.SpoolFolder, options.WaitingMax, options.WaitingPerHostMax) { GivesWay = queue => room.GivesWay(this, queue) };
        _tally = journal?.Position.Tally ?? new LineTally(campaign.LinesDone);
        _counts = journal is null ? new CampaignCounts(campaign.Outcomes) : new CampaignCounts(journal.Totals, journal.Position);
        (_reported, _toldLeft) = (journal?.Position.Reported ?? 0, [.. journal?.Told ?? new HashSet<string>()]);
        (_doneBefore, _rejectedBefore) = (_tally.LinesDone, journal?.Totals.LastRejected ?? 0);
        _beganAt = _clock.GetTimestamp();
        DateTimeOffset now = _clock.GetUtcNow();

        // The head store keeps whole milliseconds: a visit of this run must not seem older than the run.
        _rule = new VisitRule(campaign.Id, now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond)), request.MaxAge, request.IgnoreRetryTimes, request.IncludeParked, request.Revisit);
        _reader = new ListReader(request.List, request.LinesBefore, request.IsFromElsewhere);
        _readerWakeup = new Wakeup(options.Inline);
        _recording = new Heartbeat(_clock, Limits.RecordPeriod, options.Inline);
        _keeping = new Heartbeat(_clock, Limits.ProgressPeriod, options.Inline);
        _compacting = new Heartbeat(_clock, Limits.CompactionPeriod, options.Inline);
        _timer = _clock.CreateTimer(static run => ((CampaignRun)run!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Runs to the end. Cancellation: takes up nothing more, lets running syncs end for the grace, records, saves the position, throws.</summary>
    public async Task<CampaignState> RunAsync(bool resumed, CancellationToken cancellationToken)
    {
        _observing.Tell((observer, run) => observer.Began(run._campaign, resumed), this);
        using ITimer grace = _clock.CreateTimer(
            static run => ((CampaignRun)run!)._running.Cancel(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        CampaignState end;
        _room.Enter(this);
        await using (cancellationToken.Register(() => Stop(grace)).ConfigureAwait(false))
        {
            // 1. The recorder and the keeper live until the last worker has ended; a failure of any loop stops all.
            Task recorder = StartAsync(RecordAsync);
            Task keeper = StartAsync(KeepAsync);
            Task compactor = StartAsync(CompactAsync);

            // 2. The work.
            List<Task> loops = [StartAsync(ReadAsync)];
            for (int worker = 0; worker < Math.Max(1, _request.Jobs); worker++)
            {
                loops.Add(StartAsync(WorkAsync));
            }

            await Task.WhenAll(loops).ConfigureAwait(false);

            // 3. The last visits, then the position: never further than what is durable.
            _recording.End();
            await recorder.ConfigureAwait(false);
            _keeping.End();
            _compacting.End();
            await keeper.ConfigureAwait(false);
            await compactor.ConfigureAwait(false);
            _room.Leave(this);
            _failure?.Throw();
            end = await SaveAsync(ended: _workEnded).ConfigureAwait(false);
            _observing.Tell((observer, run) => observer.Progressed(run.ReadProgress()), this);
        }

        // Cancelled after the last sync had ended: the campaign has ended too.
        return _workEnded ? end : throw new OperationCanceledException(cancellationToken);
    }

    public void Dispose()
    {
        _timer.Dispose();
        _recording.Dispose();
        _keeping.Dispose();
        _compacting.Dispose();
        _queues.Dispose();
        _stop.Dispose();
        _running.Dispose();
    }
}
