using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Schedules;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.Repositories;

namespace Actors.Sync.Schedules;

/// <summary>
/// Keeps a store fresh for ever: gives an engine the repositories that are due as an endless list, and puts each back into the
/// schedule with its next time. What is taken and never heard of again is due after a day. Safe for concurrent calls; one run at a time.
/// </summary>
public sealed partial class Watch
{
    private readonly IScheduleStore _schedule;
    private readonly IHeadStore _heads;
    private readonly TimeProvider _clock;
    private readonly WatchOptions _options;
    private readonly QueueShares _shares = new();
    private readonly Lock _gate = new();

    /// <summary>Given to the engine, as they were before they were taken, with what was told since.</summary>
    private readonly Dictionary<RepositoryUrl, ScheduledVisit> _inFlight = [];

    private readonly Dictionary<ForgeHost, int> _perHost = [];

    /// <summary>To be written: visits that ended.</summary>
    private readonly Dictionary<RepositoryUrl, ScheduledVisit> _ended = [];

    private double _price = Limits.VisitPriceFirst;
    private long? _estimatedAt;

    public Watch(IScheduleStore schedule, IHeadStore heads, TimeProvider clock, WatchOptions options) =>
        (_schedule, _heads, _clock, _options) = (schedule, heads, clock, options);

    /// <summary>As last estimated.</summary>
    public WatchFigures Figures { get; private set; } = WatchFigures.None;

    /// <summary>Runs until it is cancelled; with <see cref="WatchOptions.Once"/> until nothing is due.</summary>
    /// <param name="engine">Does the visits.</param>
    /// <param name="template">How: its list is not read.</param>
    /// <param name="observer">Told what happens.</param>
    /// <param name="cancellationToken">Stops gracefully, then throws; what was not visited is due as before.</param>
    public async Task RunAsync(IEngine engine, CampaignRequest template, ICampaignObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(template);
        using WatchedList list = new(this);
        CampaignRequest request = template with
        {
            List = list, Resume = false, Revisit = true, MaxAge = TimeSpan.Zero, IgnoreRetryTimes = true, IncludeParked = true,
        };
        await RunAsync(() => engine.RunAsync(request, new WatchObserver(this, observer), cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Schedules repositories of a list that are not scheduled yet.</summary>
    /// <returns>Lines that name a repository, and lines that name none.</returns>
    public async Task<(long Repositories, long Rejected)> AddAsync(TextReader list, CancellationToken cancellationToken)
    {
        ListReader reader = new(list);
        List<RepositoryUrl> urls = [];
        long repositories = 0, rejected = 0;
        while (true)
        {
            if (!reader.TryNext())
            {
                if (!await reader.FillAsync(cancellationToken).ConfigureAwait(false))
                {
                    await AddAsync(urls, cancellationToken).ConfigureAwait(false);
                    return (repositories, rejected);
                }

                continue;
            }

            ListLine line = reader.Parse();
            repositories += line.Holds == ListLine.Kind.Repository ? 1 : 0;
            rejected += line.Holds == ListLine.Kind.Rejected ? 1 : 0;
            if (line.Holds == ListLine.Kind.Repository)
            {
                urls.Add(line.Url);
            }

            if (urls.Count == Limits.ScheduleBatch)
            {
                await AddAsync(urls, cancellationToken).ConfigureAwait(false);
                urls.Clear();
            }
        }
    }

    /// <summary>Schedules all repositories that the head store knows and that are not scheduled yet.</summary>
    public async Task AddKnownAsync(CancellationToken cancellationToken)
    {
        await foreach (RepositoryState[] states in _heads.ListAsync(cancellationToken).Chunk(Limits.ScheduleBatch).ConfigureAwait(false))
        {
            DateTimeOffset now = _clock.GetUtcNow();
            await _schedule.AddScheduledAsync([.. states.Select(state => ScheduleRule.Of(state, _price, now))], cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Tells of changes: pushes, updates. Repositories that are not scheduled are passed over; the same told again changes nothing.</summary>
    /// <returns>How many are scheduled.</returns>
    public async Task<int> TellAsync(IReadOnlyList<ToldChange> changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        int known = 0;
        foreach (ToldChange[] some in changes.Chunk(Limits.ScheduleBatch))
        {
            IReadOnlyList<ScheduledVisit?> found = await _schedule.FindScheduledAsync([.. some.Select(change => change.Url)], cancellationToken).ConfigureAwait(false);
            Dictionary<RepositoryUrl, ScheduledVisit> changed = [];
            for (int place = 0; place < some.Length; place++)
            {
                if (found[place] is { } visit && Tell(some[place], changed.GetValueOrDefault(visit.Url, visit)) is var (told, taken))
                {
                    known++;
                    if (!taken && told != visit)
                    {
                        changed[visit.Url] = told;
                    }
                }
            }

            await _schedule.SaveScheduledAsync([.. changed.Values], cancellationToken).ConfigureAwait(false);
        }

        Interlocked.Add(ref _told, known);
        return known;
    }

    /// <summary>Runs with whatever asks <see cref="NextAsync"/> and tells how visits end.</summary>
    internal async Task RunAsync(Func<Task> work)
    {
        StartedAt = _clock.GetUtcNow();
        try
        {
            await work().ConfigureAwait(false);
        }
        finally
        {
            await GiveBackAsync().ConfigureAwait(false);
        }
    }

    /// <summary>What is due now, waited for; empty: with <see cref="WatchOptions.Once"/> nothing is due any more.</summary>
    internal async ValueTask<IReadOnlyList<RepositoryUrl>> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await SaveEndedAsync(cancellationToken).ConfigureAwait(false);
            await AddSeenAsync(cancellationToken).ConfigureAwait(false);
            await EstimateAsync(cancellationToken).ConfigureAwait(false);
            List<RepositoryUrl> urls = await TakeAsync(cancellationToken).ConfigureAwait(false);
            if (urls.Count > 0)
            {
                return urls;
            }

            lock (_gate)
            {
                if (_options.Once && _inFlight.Count == 0 && _ended.Count == 0)
                {
                    return [];
                }
            }

            await Task.Delay(Limits.WatchPeriod, _clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A visit ended and is recorded.</summary>
    internal void Ended(SyncReport report)
    {
        DateTimeOffset startedAt = _clock.GetUtcNow().AddMilliseconds(-report.ElapsedMs) - Limits.VisitBeginSlack;
        lock (_gate)
        {
            if (_inFlight.Remove(report.Url, out ScheduledVisit? visit))
            {
                Count(report.Url.Host, -1);
                _visits++;
                _found += report.Outcome is Outcome.New or Outcome.Updated ? 1 : 0;
                _ended[visit.Url] = ScheduleRule.After(visit, startedAt, report.Outcome, report.RetryAt, _price);
            }
        }
    }

    /// <summary>It was not visited, and is due then.</summary>
    internal void PutBack(RepositoryUrl url, DateTimeOffset dueAt)
    {
        lock (_gate)
        {
            if (_inFlight.Remove(url, out ScheduledVisit? visit))
            {
                Count(url.Host, -1);
                _ended[url] = visit with { DueAt = dueAt };
            }
        }
    }

    private async Task AddAsync(List<RepositoryUrl> urls, CancellationToken cancellationToken)
    {
        IReadOnlyList<RepositoryState?> known = await _heads.FindAsync(urls, cancellationToken).ConfigureAwait(false);
        DateTimeOffset now = _clock.GetUtcNow();
        await _schedule.AddScheduledAsync(
            [.. urls.Select((url, place) => known[place] is { } state ? ScheduleRule.Of(state, _price, now) : ScheduleRule.New(url, now))], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>One that is being visited, or has been just now, is told here: its row is written later.</summary>
    private (ScheduledVisit Told, bool Taken)? Tell(ToldChange change, ScheduledVisit visit)
    {
        lock (_gate)
        {
            if (_ended.TryGetValue(change.Url, out ScheduledVisit? ended))
            {
                return (_ended[change.Url] = ScheduleRule.Told(ended, change.At, _price), true);
            }

            if (!_inFlight.TryGetValue(change.Url, out ScheduledVisit? taken))
            {
                return (ScheduleRule.Told(visit, change.At, _price), false);
            }

            // The visit may have begun before: then the change counts after it. It keeps the later of two, for the earlier is seen.
            ScheduledVisit told = taken with { ToldAt = taken.ToldAt > change.At ? taken.ToldAt : change.At };
            _inFlight[change.Url] = told;
            return (told, true);
        }
    }

    private async ValueTask<List<RepositoryUrl>> TakeAsync(CancellationToken cancellationToken)
    {
        int room;
        lock (_gate)
        {
            room = Math.Min(_options.BatchMax, Limits.WatchedTogetherMax - _inFlight.Count);
        }

        List<RepositoryUrl> urls = [];
        if (room <= 0)
        {
            return urls;
        }

        // 1. Each queue by its share; what one has too little of goes to the others.
        DateTimeOffset now = _clock.GetUtcNow();
        ScheduleQueue[] queues = [.. QueueShares.Queues];
        long[] due = [.. queues.Select(_ => (long)room)];
        List<ScheduledVisit> taken = [];
        while (taken.Count < room && due.Sum() > 0)
        {
            int[] shares = _shares.Divide(room - taken.Count, due);
            for (int queue = 0; queue < queues.Length; queue++)
            {
                IReadOnlyList<ScheduledVisit> some = shares[queue] == 0 ? []
                    : await _schedule.TakeDueAsync(queues[queue], now, now + _options.LostAfter, shares[queue], cancellationToken).ConfigureAwait(false);
                taken.AddRange(some);
                due[queue] = some.Count < shares[queue] ? 0 : due[queue];
            }
        }

        // 2. What another campaign has visited meanwhile need not be visited now; what its host has no time for comes later.
        IReadOnlyList<RepositoryState?> states = taken.Count == 0 ? [] : await _heads.FindAsync([.. taken.Select(visit => visit.Url)], cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            for (int place = 0; place < taken.Count; place++)
            {
                ScheduledVisit visit = Heard(taken[place], states[place]);
                if (visit.DueAt > now)
                {
                    _ended[visit.Url] = visit;
                }
                else if (_perHost.GetValueOrDefault(visit.Url.Host) >= Limits.WatchedPerHostMax)
                {
                    _ended[visit.Url] = visit with { DueAt = now + Limits.HostBusyPause };
                }
                else if (_inFlight.TryAdd(visit.Url, visit))
                {
                    Count(visit.Url.Host, 1);
                    urls.Add(visit.Url);
                }
            }
        }

        return urls;
    }

    private ScheduledVisit Heard(ScheduledVisit visit, RepositoryState? state) =>
        state is { Visit: > 0 } && state.Outcome.IsSuccess() && state.VisitedAt - (visit.ObservedAt ?? DateTimeOffset.MinValue) > TimeSpan.FromMinutes(1)
            ? ScheduleRule.After(visit, state.VisitedAt, state.Outcome, null, _price)
            : visit;

    private async ValueTask SaveEndedAsync(CancellationToken cancellationToken)
    {
        ScheduledVisit[] ended;
        lock (_gate)
        {
            ended = [.. _ended.Values];
        }

        if (ended.Length > 0)
        {
            // A push that was told to another process while this one visited is in the row alone.
            IReadOnlyList<ScheduledVisit?> rows = await _schedule.FindScheduledAsync([.. ended.Select(visit => visit.Url)], cancellationToken).ConfigureAwait(false);
            await _schedule.SaveScheduledAsync([.. ended.Select((visit, place) => WithTold(visit, rows[place]))], cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                foreach (ScheduledVisit visit in ended.Where(visit => ReferenceEquals(_ended.GetValueOrDefault(visit.Url), visit)))
                {
                    _ended.Remove(visit.Url);
                }
            }
        }
    }

    private ScheduledVisit WithTold(ScheduledVisit ended, ScheduledVisit? row) =>
        row?.ToldAt is { } told && !(ended.ToldAt <= told) && !(ended.ObservedAt >= told) ? ScheduleRule.Told(ended, told, _price) : ended;

    private async ValueTask EstimateAsync(CancellationToken cancellationToken)
    {
        if (_estimatedAt is { } before && _clock.GetElapsedTime(before) < Limits.WatchEstimatePeriod)
        {
            return;
        }

        _estimatedAt = _clock.GetTimestamp();
        DateTimeOffset now = _clock.GetUtcNow();
        IReadOnlyList<ScheduledVisit> sample = await _schedule.SampleScheduledAsync(Limits.ScheduleSample, cancellationToken).ConfigureAwait(false);
        double price = VisitPrice.Find(sample, _options.VisitsADay, now);
        WatchFigures figures = !_options.Counts ? WatchFigures.None : new(ExpectedLag.Of(sample, now), await _schedule.ReadScheduleFiguresAsync(now, cancellationToken).ConfigureAwait(false));
        lock (_gate)
        {
            (_price, Figures) = (price, figures);
        }
    }

    /// <summary>At the end: what was not visited is due as it was.</summary>
    private async ValueTask GiveBackAsync()
    {
        lock (_gate)
        {
            foreach (ScheduledVisit visit in _inFlight.Values)
            {
                _ended[visit.Url] = visit;
            }

            _inFlight.Clear();
            _perHost.Clear();
        }

        await SaveEndedAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private void Count(ForgeHost host, int change)
    {
        if ((_perHost[host] = _perHost.GetValueOrDefault(host) + change) <= 0)
        {
            _perHost.Remove(host);
        }
    }
}
