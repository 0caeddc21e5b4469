using Actors.Store.Schedules;

namespace Actors.Sync.Schedules;

/// <summary>How a schedule stands: the lag first.</summary>
/// <param name="Lag">How far the store is behind the forges.</param>
/// <param name="Queues">The queues that are not empty.</param>
public sealed record WatchFigures(ExpectedLag Lag, IReadOnlyList<ScheduleFigures> Queues)
{
    public static WatchFigures None { get; } = new(new ExpectedLag(0, 0, 0, 0), []);

    public long Repositories => Queues.Sum(queue => queue.Repositories);

    public long Due => Queues.Sum(queue => queue.Due);

    /// <summary>Reads them; the queues are counted, so with hundreds of millions it takes a minute.</summary>
    public static async ValueTask<WatchFigures> ReadAsync(IScheduleStore schedule, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        IReadOnlyList<ScheduledVisit> sample = await schedule.SampleScheduledAsync(Limits.ScheduleSample, cancellationToken).ConfigureAwait(false);
        return new WatchFigures(ExpectedLag.Of(sample, now), await schedule.ReadScheduleFiguresAsync(now, cancellationToken).ConfigureAwait(false));
    }
}
