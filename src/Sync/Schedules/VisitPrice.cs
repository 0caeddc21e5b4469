using Actors.Store.Schedules;

namespace Actors.Sync.Schedules;

/// <summary>Finds the price of a visit at which a budget of visits is just spent.</summary>
public static class VisitPrice
{
    /// <summary>The price, in days times days, from a sample of the schedule.</summary>
    /// <param name="sample">Repositories as they are scheduled; first visits and failing ones do not count.</param>
    /// <param name="visitsADay">For each repository on average.</param>
    /// <param name="now">Tells whose updates are listed.</param>
    public static double Find(IEnumerable<ScheduledVisit> sample, double visitsADay, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(sample);
        (ChangeRate Rate, bool Listed)[] known =
        [
            .. sample.Where(visit => visit.Queue == ScheduleQueue.Known).Select(visit => (ScheduleRule.RateOf(visit), ScheduleRule.IsListed(visit, now))),
        ];
        if (known.Length == 0)
        {
            return Limits.VisitPriceFirst;
        }

        double low = Limits.VisitPriceMin, high = Limits.VisitPriceMax;
        for (int step = 0; step < 20; step++)
        {
            double middle = Math.Sqrt(low * high);
            double spent = known.Sum(one => VisitsADay(one.Rate, one.Listed, middle)) / known.Length;
            (low, high) = spent > visitsADay ? (middle, high) : (low, middle);
        }

        return Math.Sqrt(low * high);
    }

    private static double VisitsADay(ChangeRate rate, bool listed, double price)
    {
        double unheard = VisitWorth.DaysUnheard(rate, price);
        // Listings come about daily: what is visited less often waits for their news.
        return listed && unheard > 1 ? 1 / Math.Min((1 / rate.Mean) + VisitWorth.DaysTold(rate, price), Limits.ListedVisitDays) : 1 / unheard;
    }
}
