using Actors.Git.Remotes;

namespace Actors.Store.Schedules;

/// <summary>
/// The schedule that a head database keeps beside its repositories: an index by due time in each queue. Batched; safe for
/// concurrent calls; what a completed task wrote survives a power loss. Times are kept in whole milliseconds.
/// </summary>
public interface IScheduleStore
{
    /// <summary>Adds repositories that are not scheduled yet; leaves the others as they are.</summary>
    /// <exception cref="ArgumentException">An estimate that cannot be; nothing is written.</exception>
    ValueTask AddScheduledAsync(IReadOnlyList<ScheduledVisit> visits, CancellationToken cancellationToken);

    /// <summary>Adds or replaces; of one URL named twice the last counts.</summary>
    /// <exception cref="ArgumentException">An estimate that cannot be; nothing is written.</exception>
    ValueTask SaveScheduledAsync(IReadOnlyList<ScheduledVisit> visits, CancellationToken cancellationToken);

    /// <summary>Each at its URL's place; null where it is not scheduled.</summary>
    ValueTask<IReadOnlyList<ScheduledVisit?>> FindScheduledAsync(IReadOnlyList<RepositoryUrl> urls, CancellationToken cancellationToken);

    /// <summary>
    /// Takes those of a queue that are due longest, and makes them due again at <paramref name="lostAt"/>: a visit that was taken
    /// and never heard of again is due then, and no two callers take the same one before.
    /// </summary>
    /// <param name="queue">Of which queue.</param>
    /// <param name="now">Due until then.</param>
    /// <param name="lostAt">When a taken visit counts as lost.</param>
    /// <param name="most">Not more than so many.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>As they were before they were taken, earliest first.</returns>
    ValueTask<IReadOnlyList<ScheduledVisit>> TakeDueAsync(ScheduleQueue queue, DateTimeOffset now, DateTimeOffset lostAt, int most, CancellationToken cancellationToken);

    /// <summary>How each queue that is not empty stands.</summary>
    ValueTask<IReadOnlyList<ScheduleFigures>> ReadScheduleFiguresAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Up to so many scheduled repositories, spread over all of them.</summary>
    ValueTask<IReadOnlyList<ScheduledVisit>> SampleScheduledAsync(int most, CancellationToken cancellationToken);
}
