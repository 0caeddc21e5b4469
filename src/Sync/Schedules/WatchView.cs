namespace Actors.Sync.Schedules;

/// <summary>A watch that runs in a server, as an operator sees it.</summary>
public sealed record WatchView
{
    /// <summary>Of several that spend one budget together; null: of none.</summary>
    public static WatchView? Join(IReadOnlyList<WatchView> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return parts.Count == 0 ? null : new WatchView
        {
            StartedAt = parts.Min(part => part.StartedAt),
            VisitsADay = parts.Max(part => part.VisitsADay),
            Running = parts.Sum(part => part.Running),
            Visits = parts.Sum(part => part.Visits),
            Found = parts.Sum(part => part.Found),
            Told = parts.Sum(part => part.Told),
            Failure = parts.Select(part => part.Failure).FirstOrDefault(failure => failure is not null),
        };
    }

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
