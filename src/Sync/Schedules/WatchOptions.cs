namespace Actors.Sync.Schedules;

/// <summary>How a watch spends its visits.</summary>
public sealed record WatchOptions
{
    /// <summary>Visits a day, for each repository on average: what the price of a visit is found from.</summary>
    public double VisitsADay { get; init; } = 1;

    /// <summary>End when nothing is due, instead of waiting for ever.</summary>
    public bool Once { get; init; }
}
