namespace Actors.Sync.Schedules;

/// <summary>
/// What a visit is worth, in lag saved: days times days. With a price for a visit, each repository is best visited as soon as its
/// worth reaches the price; the one price for all makes the visits of a budget save the most lag together (the index of a
/// restless bandit, Whittle 1988, for the cost "time since the first change that we have not seen").
/// </summary>
public static class VisitWorth
{
    /// <summary>Worth of a visit to one of which nothing was heard for so long: the integral of s·(1 − Quiet(s)).</summary>
    public static double Unheard(ChangeRate rate, double days)
    {
        double a = Apart(rate.Shape), b = rate.ExposureDays, end = b + days;
        // ∫ s (b/(b+s))^a ds from 0: b^a ( u^(2−a)/(2−a) − b u^(1−a)/(1−a) ) from b to b + days.
        double ratio = Math.Pow(b / end, a);
        double quiet = ((ratio * end * end) - (b * b)) / (2 - a);
        quiet -= b * ((ratio * end) - b) / (1 - a);
        return Math.Max(0, (days * days / 2) - quiet);
    }

    /// <summary>Days after the last visit at which a visit is worth its price, with nothing heard since.</summary>
    /// <param name="rate">What is believed of it.</param>
    /// <param name="price">Of a visit; days times days.</param>
    public static double DaysUnheard(ChangeRate rate, double price)
    {
        // The worth is at most half the square of the days.
        double low = Math.Max(Limits.VisitDaysMin, Math.Sqrt(2 * price)), high = Limits.VisitDaysMax;
        if (low >= high || Unheard(rate, high) <= price)
        {
            return high;
        }

        if (Unheard(rate, low) >= price)
        {
            return low;
        }

        for (int step = 0; step < 24 && high > low * 1.01; step++)
        {
            double middle = Math.Sqrt(low * high);
            (low, high) = Unheard(rate, middle) < price ? (middle, high) : (low, middle);
        }

        return Math.Sqrt(low * high);
    }

    /// <summary>
    /// Days after a change that was told at which a visit is worth its price. Of one that changes rarely: at once, for a visit is
    /// good for long; of one that changes by the hour later, for what comes next is then seen too.
    /// </summary>
    /// <param name="rate">What is believed of it.</param>
    /// <param name="price">Of a visit; days times days.</param>
    public static double DaysTold(ChangeRate rate, double price)
    {
        // The worth is L²/2 + L·gap.
        double gap = 1 / rate.Mean;
        return 2 * price / (gap + Math.Sqrt((gap * gap) + (2 * price)));
    }

    /// <summary>The formula has holes at 1 and 2.</summary>
    private static double Apart(double shape) => Math.Abs(shape - 1) < 1e-5 ? 1 + 1e-5 : Math.Abs(shape - 2) < 1e-5 ? 2 + 1e-5 : shape;
}
