using Actors.Git.Remotes;
using Actors.Store.Schedules;

namespace Actors.Store.Heads;

public sealed partial class SqliteHeadStore : IScheduleStore
{
    /// <inheritdoc/>
    public ValueTask AddScheduledAsync(IReadOnlyList<ScheduledVisit> visits, CancellationToken cancellationToken) => WriteScheduleAsync(visits, false, cancellationToken);

    /// <inheritdoc/>
    public ValueTask SaveScheduledAsync(IReadOnlyList<ScheduledVisit> visits, CancellationToken cancellationToken) => WriteScheduleAsync(visits, true, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ScheduledVisit?>> FindScheduledAsync(IReadOnlyList<RepositoryUrl> urls, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(urls);
        return _readers.ReadAsync<IReadOnlyList<ScheduledVisit?>>(
            reader => [.. urls.Select(url => reader.Repositories.Find(url, _cache.Find(url)) is { } row ? reader.Schedule.Find(row.Number, url) : null)],
            cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ScheduledVisit>> TakeDueAsync(
        ScheduleQueue queue, DateTimeOffset now, DateTimeOffset lostAt, int most, CancellationToken cancellationToken) =>
        await Writes.WriteAsync(writer => writer.Schedule.Take(queue, now, lostAt, most), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ScheduleFigures>> ReadScheduleFiguresAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        _readers.ReadAsync<IReadOnlyList<ScheduleFigures>>(reader => reader.Schedule.ReadFigures(now), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ScheduledVisit>> SampleScheduledAsync(int most, CancellationToken cancellationToken) =>
        _readers.ReadAsync<IReadOnlyList<ScheduledVisit>>(reader => reader.Schedule.Sample(most), cancellationToken);

    private async ValueTask WriteScheduleAsync(IReadOnlyList<ScheduledVisit> visits, bool replace, CancellationToken cancellationToken)
    {
        ScheduledVisit.Check(visits);
        await WriteAsync(
            writer =>
            {
                foreach (ScheduledVisit visit in visits)
                {
                    writer.Schedule.Write(writer.NumberOf(visit.Url), visit, replace);
                }
            },
            cancellationToken).ConfigureAwait(false);
    }
}
