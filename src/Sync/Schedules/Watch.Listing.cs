using Actors.Git.Remotes;
using Actors.Store.Listings;
using Actors.Store.Schedules;

namespace Actors.Sync.Schedules;

/// <content>What listings of forges tell.</content>
public sealed partial class Watch
{
    /// <summary>
    /// Schedules what a listing names and the schedule does not have, and hears of updates where the listing tells when one was last: news brings a visit
    /// forward, no news counts as a visit that found nothing. The same listing again changes nothing but when it was told.
    /// </summary>
    /// <returns>Repositories that changed since their last visit, as far as the listing says.</returns>
    public async Task<int> ListAsync(IReadOnlyList<ListedRepository> listed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(listed);
        await EstimateAsync(cancellationToken).ConfigureAwait(false);
        int changed = 0;
        foreach (ListedRepository[] some in listed.DistinctBy(one => one.Url).Chunk(Limits.ScheduleBatch))
        {
            await AddAsync([.. some.Select(one => one.Url)], cancellationToken).ConfigureAwait(false);
            ListedRepository[] dated = [.. some.Where(one => one.UpdatedAt is not null)];
            IReadOnlyList<ScheduledVisit?> found = await _schedule.FindScheduledAsync([.. dated.Select(one => one.Url)], cancellationToken).ConfigureAwait(false);
            List<ScheduledVisit> saved = [];
            for (int place = 0; place < dated.Length; place++)
            {
                if (found[place] is { } visit && List(dated[place], visit) is var (heard, isOurs))
                {
                    changed += heard.ToldAt is not null ? 1 : 0;
                    if (!isOurs && heard != visit)
                    {
                        saved.Add(heard);
                    }
                }
            }

            await _schedule.SaveScheduledAsync(saved, cancellationToken).ConfigureAwait(false);
        }

        return changed;
    }

    /// <summary>One that is being visited, or has been just now, hears of it here: its row is written later.</summary>
    private (ScheduledVisit Heard, bool IsOurs)? List(ListedRepository listed, ScheduledVisit visit)
    {
        DateTimeOffset updatedAt = listed.UpdatedAt!.Value;
        lock (_gate)
        {
            if (_ended.TryGetValue(listed.Url, out ScheduledVisit? ended))
            {
                return (_ended[listed.Url] = ScheduleRule.Listed(ended, listed.ListedAt, updatedAt, _price), true);
            }

            if (_inFlight.TryGetValue(listed.Url, out ScheduledVisit? taken))
            {
                bool isNews = !(updatedAt <= taken.ObservedAt) && !(taken.ToldAt > updatedAt);
                return (_inFlight[listed.Url] = taken with { ListedAt = listed.ListedAt, ToldAt = isNews ? updatedAt : taken.ToldAt }, true);
            }

            return (ScheduleRule.Listed(visit, listed.ListedAt, updatedAt, _price), false);
        }
    }
}
