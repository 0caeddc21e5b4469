using Actors.Git.Objects;

namespace Actors.Git.Packs;

/// <summary>Where an indexed pack goes, and what it may cost.</summary>
public sealed record PackIndexOptions
{
    /// <summary>File that the pack is written to as it comes; a thin pack is completed there. Created; must not exist.</summary>
    public required string PackPath { get; init; }

    /// <summary>File for the <c>.idx</c> (version 2). Created; must not exist.</summary>
    public required string IndexPath { get; init; }

    /// <summary>Where bases that a thin pack lacks are read; null: a thin pack is <see cref="GitFormatError.Delta"/>.</summary>
    public IObjectSource? Bases { get; init; }

    /// <summary>What the pack may cost.</summary>
    public PackLimits Limits { get; init; } = PackLimits.Default;

    /// <summary>Threads for scanning and resolving; small packs use one.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>List what the objects refer to (<see cref="PackIndexResult.References"/>).</summary>
    public bool ListReferences { get; init; } = true;

    /// <summary>Flush both files to the disk before returning.</summary>
    public bool Fsync { get; init; } = true;
}
