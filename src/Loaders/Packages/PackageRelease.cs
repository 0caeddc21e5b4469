using Actors.Loaders.Archives;
using Actors.Loaders.Objects;
using Actors.Store.ExtIds;

namespace Actors.Loaders.Packages;

/// <summary>One release that a registry lists: what to fetch, how to know it again, what to make of it.</summary>
internal sealed record PackageRelease
{
    /// <summary>As the registry says it.</summary>
    public required string Version { get; init; }

    /// <summary>The snapshot's branch.</summary>
    public required string Branch { get; init; }

    public IReadOnlyList<Artifact> Artifacts { get; init; } = [];

    /// <summary>Covers everything outside of the artifacts' own bytes that goes into the object: equal ids mean equal objects.</summary>
    public ExtId? Manifest { get; init; }

    /// <summary>Further names of the object, for others: checksums of its archive.</summary>
    public IReadOnlyList<ExtId> Checksums { get; init; } = [];

    /// <summary>Files that <see cref="Describe"/> reads, by path.</summary>
    public Func<string, bool> Keeps { get; init; } = static _ => false;

    /// <summary>What the release's object says; null: it has no metadata, so there is no object.</summary>
    public Func<UnpackTarget, ReleaseDraft?> Describe { get; init; } = static _ => null;

    /// <summary>How its artifacts become a tree.</summary>
    public Unpacking Unpacking { get; init; } = Unpacking.Archive;

    /// <summary>Why it cannot be loaded, found while listing.</summary>
    public string? Error { get; init; }

    /// <summary>The branch of a version with so many artifacts.</summary>
    public static string BranchOf(string version, string? fileName, bool single) => single ? $"releases/{version}" : $"releases/{version}/{fileName}";
}
