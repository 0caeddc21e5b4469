namespace Actors.Sync.Schedules;

/// <summary>How a watch spends its visits.</summary>
public sealed record WatchOptions
{
    /// <summary>Visits a day, for each repository on average: what the price of a visit is found from.</summary>
    public double VisitsADay { get; init; } = 1;

    /// <summary>End when nothing is due, instead of waiting for ever.</summary>
    public bool Once { get; init; }

    /// <summary>Repositories taken at once: who shares the schedule leaves some to others.</summary>
    public int BatchMax { get; init; } = Limits.ScheduleBatch;

    /// <summary>What was taken and never heard of again is due after so long.</summary>
    public TimeSpan LostAfter { get; init; } = Limits.VisitLostAfter;

    /// <summary>Counts the queues for <see cref="Watch.Figures"/> whenever the price is estimated; false: others tell.</summary>
    public bool Counts { get; init; } = true;
}
