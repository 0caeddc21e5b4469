using Actors.Store.Schedules;

namespace Actors.Sync.Schedules;

/// <summary>
/// How a schedule stands, for whoever asks how often: read once and remembered, and read anew beside those who ask when it has become
/// old. The larger the schedule, and so the longer a reading takes, the older: readings take at most a fiftieth of the time.
/// Safe for concurrent calls.
/// </summary>
public sealed class ScheduleGauge(IScheduleStore schedule, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private Task<ScheduleView>? _reading;
    private ScheduleView? _last;
    private long? _readAt;
    private TimeSpan _cost;

    /// <summary>Tells of the watch that spends the visits in this process; null: there is none.</summary>
    public Func<WatchView?>? Watch { get; set; }

    /// <summary>The last figures; only the first call waits for them, and not for long.</summary>
    /// <returns>Null while there are none yet.</returns>
    /// <exception cref="Store.Heads.HeadStoreException">There are none yet, and the database cannot be read.</exception>
    public async ValueTask<ScheduleView?> ReadAsync(CancellationToken cancellationToken)
    {
        Task<ScheduleView>? reading;
        ScheduleView? last;
        lock (_gate)
        {
            last = _last;
            if (_reading is null && (_readAt is not { } readAt || clock.GetElapsedTime(readAt) >= Age()))
            {
                _reading = Task.Run(GatherAsync, CancellationToken.None);
            }

            reading = _reading;
        }

        if (last is null && reading is not null)
        {
            try
            {
                last = await reading.WaitAsync(Limits.GaugePatience, clock, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // Read on for who asks next.
            }
        }

        return last is null ? null : last with { Watch = Watch?.Invoke() };
    }

    private TimeSpan Age()
    {
        TimeSpan bounded = _cost * Limits.GaugeAgeFactor;
        return bounded > Limits.GaugeAgeMin ? bounded : Limits.GaugeAgeMin;
    }

    private async Task<ScheduleView> GatherAsync()
    {
        long began = clock.GetTimestamp();
        ScheduleView? read = null;
        try
        {
            DateTimeOffset now = clock.GetUtcNow();
            read = new ScheduleView(await WatchFigures.ReadAsync(schedule, now, CancellationToken.None).ConfigureAwait(false), now, null);
            return read;
        }
        finally
        {
            lock (_gate)
            {
                // What failed is asked again after its time, too: a database that is down is not asked by each request.
                (_last, _readAt, _cost, _reading) = (read ?? _last, clock.GetTimestamp(), clock.GetElapsedTime(began), null);
            }
        }
    }
}
