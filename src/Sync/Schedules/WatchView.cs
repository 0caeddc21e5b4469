namespace Actors.Sync.Schedules;

/// <summary>A watch that runs in a server, as an operator sees it.</summary>
public sealed record WatchView
{
    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Its budget: visits a day for each repository, on average.</summary>
    public required double VisitsADay { get; init; }

    /// <summary>Visits that it has in the engine.</summary>
    public int Running { get; init; }

    /// <summary>Visits that ended since it began.</summary>
    public long Visits { get; init; }

    /// <summary>Of them those that brought something: new or changed heads.</summary>
    public long Found { get; init; }

    /// <summary>Changes of scheduled repositories that it was told of since it began: pushes, listings.</summary>
    public long Told { get; init; }

    /// <summary>What stopped it last, for a person; it tries again. Null: nothing did.</summary>
    public string? Failure { get; init; }
}
