using Actors.Sync.Repositories;

namespace Actors.Grains.Repositories;

/// <summary>A visit's state, and its report when it has ended. Fields are only added; their numbers are never reused.</summary>
[GenerateSerializer]
[Immutable]
[Alias("actors.visit-answer")]
public sealed record VisitAnswer
{
    [Id(0)]
    public VisitState State { get; init; }

    /// <summary>Number of the visit in its grain's life.</summary>
    [Id(1)]
    public long Visit { get; init; }

    /// <summary>With <see cref="VisitState.Ended"/> and <see cref="VisitState.PutBack"/>.</summary>
    [Id(2)]
    public SyncReport? Report { get; init; }

    /// <summary>With <see cref="VisitState.PutBack"/>: how long the host wants to be left alone, where it said so.</summary>
    [Id(3)]
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The visit was begun by this order: not one that ran, or ran before, for the same campaign.</summary>
    [Id(4)]
    public bool Begun { get; init; }
}
