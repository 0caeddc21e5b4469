namespace Actors.Sync.Schedules;

/// <summary>
/// What is believed of how often a repository changes: a Gamma distribution over changes a day. A visit is a censored
/// observation: it tells only whether anything changed since the visit before, not how often.
/// </summary>
/// <param name="Shape">About the changes seen.</param>
/// <param name="ExposureDays">The days in which they were seen.</param>
public readonly record struct ChangeRate(double Shape, double ExposureDays)
{
    /// <summary>
    /// Of a repository that nothing is known of. Wide: most repositories hardly change, some change by the hour. Mean one change in
    /// 40 days; half of all below one in a year.
    /// </summary>
    public static ChangeRate Prior { get; } = new(0.3, 12);

    /// <summary>Expected changes a day.</summary>
    public double Mean => Shape / ExposureDays;

    /// <summary>The belief after a visit.</summary>
    /// <param name="days">Since the visit before.</param>
    /// <param name="changed">Whether it found anything new.</param>
    public ChangeRate After(double days, bool changed)
    {
        if (days <= 0)
        {
            return this;
        }

        ChangeRate faded = Faded(days);
        return changed ? faded.AfterChange(days) : faded with { ExposureDays = faded.ExposureDays + days };
    }

    /// <summary>Probability that nothing changes within some days.</summary>
    public double Quiet(double days) => Math.Pow(ExposureDays / (ExposureDays + days), Shape);

    /// <summary>Old observations count less: the mean stays, the certainty goes. Never less certain than at first.</summary>
    private ChangeRate Faded(double days)
    {
        double kept = Math.Max(Math.Pow(2, -days / Limits.ChangesForgottenHalfDays), Math.Min(1, Prior.Shape / Shape));
        return new ChangeRate(Shape * kept, ExposureDays * kept);
    }

    /// <summary>
    /// The likelihood 1 − e^(−λt) makes a difference of two Gamma distributions of the posterior; it is kept as the one Gamma
    /// distribution of the same mean and variance.
    /// </summary>
    private ChangeRate AfterChange(double days)
    {
        double quiet = Quiet(days), changed = 1 - quiet, longer = ExposureDays + days;
        if (changed < 1e-6)
        {
            // So short that it must have been one change: the limit, without its cancellation.
            return new ChangeRate(Shape + 1, ExposureDays + (days / 2));
        }

        double mean = ((Shape / ExposureDays) - (quiet * Shape / longer)) / changed;
        double square = Shape * (Shape + 1) * ((1 / (ExposureDays * ExposureDays)) - (quiet / (longer * longer))) / changed;
        double variance = Math.Max(square - (mean * mean), mean * mean * 1e-6);
        return new ChangeRate(mean * mean / variance, mean / variance);
    }
}
