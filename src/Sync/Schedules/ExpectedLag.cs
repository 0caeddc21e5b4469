using Actors.Store.Schedules;

namespace Actors.Sync.Schedules;

/// <summary>
/// How far a store is behind the forges: for each repository the time since its first change that no visit has seen, expected from what
/// is believed of its changes and known of it.
/// </summary>
/// <param name="Repositories">In the sample that it was estimated from: visited ones, and new ones that wait.</param>
/// <param name="MeanDays">Over all repositories, those that are up to date counted as zero.</param>
/// <param name="NinetiethDays">Nine of ten repositories are less behind.</param>
/// <param name="BehindShare">Share of repositories that are expected to have changed since their last visit.</param>
public sealed record ExpectedLag(int Repositories, double MeanDays, double NinetiethDays, double BehindShare)
{
    /// <summary>From a sample of the schedule. Failing repositories do not count: nothing is known of what is there.</summary>
    public static ExpectedLag Of(IEnumerable<ScheduledVisit> sample, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(sample);
        double behind = 0;
        List<double> lags = [];
        foreach (ScheduledVisit visit in sample.Where(visit => visit.Queue != ScheduleQueue.Failing && (visit.ObservedAt ?? visit.ToldAt) is not null))
        {
            (double lag, double stale) = Of(visit, now);
            lags.Add(lag);
            behind += stale;
        }

        lags.Sort();
        return lags.Count == 0 ? new ExpectedLag(0, 0, 0, 0) : new ExpectedLag(lags.Count, lags.Average(), lags[(lags.Count - 1) * 9 / 10], behind / lags.Count);
    }

    private static (double Days, double Behind) Of(ScheduledVisit visit, DateTimeOffset now)
    {
        if (visit.ToldAt is { } told)
        {
            return (Math.Max(0, (now - told).TotalDays), told <= now ? 1 : 0);
        }

        double days = Math.Max(0, (now - visit.ObservedAt!.Value).TotalDays);
        if (ScheduleRule.IsListed(visit, now))
        {
            // Only since it was listed can something have happened.
            days = Math.Min(days, Math.Max(0, (now - visit.ListedAt!.Value).TotalDays));
        }

        ChangeRate rate = ScheduleRule.RateOf(visit);
        double a = Math.Abs(rate.Shape - 1) < 1e-5 ? 1 + 1e-5 : rate.Shape, b = rate.ExposureDays;
        // ∫ (1 − Quiet(s)) ds
        double quiet = (((b + days) * Math.Pow(b / (b + days), a)) - b) / (1 - a);
        return (Math.Max(0, days - quiet), 1 - rate.Quiet(days));
    }
}
