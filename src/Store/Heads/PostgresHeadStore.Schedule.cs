using Actors.Git.Remotes;
using Actors.Store.Heads.Postgres;
using Actors.Store.Schedules;

namespace Actors.Store.Heads;

public sealed partial class PostgresHeadStore : IScheduleStore
{
    /// <inheritdoc/>
    public ValueTask AddScheduledAsync(IReadOnlyList<ScheduledVisit> visits, CancellationToken cancellationToken) => WriteScheduleAsync(visits, false, cancellationToken);

    /// <inheritdoc/>
    public ValueTask SaveScheduledAsync(IReadOnlyList<ScheduledVisit> visits, CancellationToken cancellationToken) => WriteScheduleAsync(visits, true, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ScheduledVisit?>> FindScheduledAsync(IReadOnlyList<RepositoryUrl> urls, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(urls);
        return await RunAsync((source, cancellation) => ScheduleRows.FindAsync(source, urls, cancellation), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>When the connection is lost while it commits, what it took may be taken and told to nobody: it is due again at <paramref name="lostAt"/>.</remarks>
    public async ValueTask<IReadOnlyList<ScheduledVisit>> TakeDueAsync(
        ScheduleQueue queue, DateTimeOffset now, DateTimeOffset lostAt, int most, CancellationToken cancellationToken) =>
        await RunAsync((source, cancellation) => ScheduleRows.TakeAsync(source, queue, now, lostAt, most, cancellation), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ScheduleFigures>> ReadScheduleFiguresAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        await RunAsync((source, cancellation) => ScheduleRows.ReadFiguresAsync(source, now, cancellation), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ScheduledVisit>> SampleScheduledAsync(int most, CancellationToken cancellationToken) =>
        await RunAsync((source, cancellation) => ScheduleRows.SampleAsync(source, most, cancellation), cancellationToken).ConfigureAwait(false);

    private async ValueTask WriteScheduleAsync(IReadOnlyList<ScheduledVisit> visits, bool replace, CancellationToken cancellationToken)
    {
        ScheduledVisit.Check(visits);
        // Of one URL named twice in a batch the last counts, or the first where nothing is replaced; all processes lock rows in one order.
        Dictionary<Guid, ScheduledVisit> byKey = [];
        foreach (ScheduledVisit visit in visits)
        {
            Guid key = RepositoryKey.Of(visit.Url);
            if (replace || !byKey.ContainsKey(key))
            {
                byKey[key] = visit;
            }
        }

        KeyValuePair<Guid, ScheduledVisit>[] sorted = [.. byKey];
        Array.Sort(sorted, (left, right) => RepositoryKey.Compare(left.Key, right.Key));
        foreach (KeyValuePair<Guid, ScheduledVisit>[] some in sorted.Chunk(Limits.PostgresVisitsTogetherMax))
        {
            await RunAsync((source, cancellation) => ScheduleRows.WriteAsync(source, some, replace, cancellation), cancellationToken).ConfigureAwait(false);
        }
    }
}
