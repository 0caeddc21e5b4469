namespace Actors.Grains.Silos;

/// <summary>What a silo has to do with a repository now. Fields are only added; their numbers are never reused.</summary>
[GenerateSerializer]
[Immutable]
[Alias("actors.repository-place")]
internal sealed record RepositoryPlace
{
    /// <summary>Campaigns that have taken it up there: it waits for its turn, or is visited.</summary>
    [Id(0)]
    public long[] Campaigns { get; init; } = [];

    /// <summary>Since when it is visited there, or null.</summary>
    [Id(1)]
    public DateTimeOffset? VisitedSince { get; init; }
}
