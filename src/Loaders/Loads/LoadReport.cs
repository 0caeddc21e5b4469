using Actors.Git.Objects;
using Actors.Loaders.Objects;

namespace Actors.Loaders.Loads;

/// <summary>What a load did beyond what every visit tells.</summary>
public sealed record LoadReport
{
    public required string Origin { get; init; }

    public required Era Era { get; init; }

    public required VisitStatus Status { get; init; }

    /// <summary>Whether a release was fetched. A load that found everything known is uneventful, whatever the snapshot.</summary>
    public bool IsEventful { get; init; }

    /// <summary>Releases in the snapshot.</summary>
    public int Releases { get; init; }

    /// <summary>Releases fetched and stored by this visit.</summary>
    public int Loaded { get; init; }

    /// <summary>Artifacts fetched by this visit, without attempts that failed.</summary>
    public int Downloads { get; init; }

    /// <summary>Releases without metadata: there is nothing to make of them, and they are not fetched again.</summary>
    public int Skipped { get; init; }

    /// <summary>Releases that failed, with the reason.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Failures { get; init; } = [];

    /// <summary>Objects new to the store, by type (index: the type's number).</summary>
    public IReadOnlyList<long> NewObjects { get; init; } = new long[5];

    /// <summary>Whether the snapshot is one that this origin did not have at its last visit.</summary>
    public bool IsNewSnapshot { get; init; }

    /// <summary>Contents new to the store.</summary>
    public long Contents => NewObjects[(int)ObjectType.Blob];

    /// <summary>Directories new to the store.</summary>
    public long Directories => NewObjects[(int)ObjectType.Tree];

    /// <summary>Revisions new to the store.</summary>
    public long Revisions => NewObjects[(int)ObjectType.Commit];

    /// <summary>Releases, as tags, new to the store.</summary>
    public long Tags => NewObjects[(int)ObjectType.Tag];
}
