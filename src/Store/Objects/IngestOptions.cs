using Actors.Git.Packs;

namespace Actors.Store.Objects;

/// <summary>What one sync's packs may cost.</summary>
public sealed record IngestOptions
{
    /// <summary>Bounds for each pack.</summary>
    public PackLimits Limits { get; init; } = PackLimits.Default;

    /// <summary>Threads for indexing one pack.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
