using Actors.Git.Remotes;
using Actors.Store.Schedules;

namespace Actors.Store.Heads;

public sealed partial class MemoryHeadStore : IScheduleStore
{
    private readonly Dictionary<RepositoryUrl, ScheduledVisit> _schedule = [];

    /// <inheritdoc/>
    public ValueTask AddScheduledAsync(IReadOnlyList<ScheduledVisit> visits, CancellationToken cancellationToken)
    {
        ScheduledVisit.Check(visits);
        lock (_lock)
        {
            foreach (ScheduledVisit visit in visits)
            {
                _ = _schedule.TryAdd(visit.Url, visit.Kept());
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask SaveScheduledAsync(IReadOnlyList<ScheduledVisit> visits, CancellationToken cancellationToken)
    {
        ScheduledVisit.Check(visits);
        lock (_lock)
        {
            foreach (ScheduledVisit visit in visits)
            {
                _schedule[visit.Url] = visit.Kept();
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ScheduledVisit?>> FindScheduledAsync(IReadOnlyList<RepositoryUrl> urls, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(urls);
        lock (_lock)
        {
            return new([.. urls.Select(url => _schedule.GetValueOrDefault(url))]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ScheduledVisit>> TakeDueAsync(ScheduleQueue queue, DateTimeOffset now, DateTimeOffset lostAt, int most, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ScheduledVisit[] due = [.. _schedule.Values.Where(visit => visit.Queue == queue && visit.DueAt <= now).OrderBy(visit => visit.DueAt).Take(most)];
            foreach (ScheduledVisit visit in due)
            {
                _schedule[visit.Url] = visit with { DueAt = HeadTime.Kept(lostAt) };
            }

            return new(due);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ScheduleFigures>> ReadScheduleFiguresAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return new(
                [
                    .. _schedule.Values.GroupBy(visit => visit.Queue).OrderBy(queue => queue.Key)
                        .Select(queue => new ScheduleFigures(queue.Key, queue.LongCount(), queue.LongCount(visit => visit.DueAt <= now), queue.Min(visit => visit.DueAt))),
                ]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ScheduledVisit>> SampleScheduledAsync(int most, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            int step = Math.Max(1, _schedule.Count / Math.Max(1, most));
            return new([.. _schedule.Values.Where((_, place) => place % step == 0).Take(most)]);
        }
    }
}
