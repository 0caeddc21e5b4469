using Actors.Git.Checkouts;
using Actors.Git.Objects;
using Actors.Git.Remotes;
using Actors.Store.Heads;

namespace Actors.Sync.Workspaces;

/// <summary>A submodule that is to be filled: everything of it is read and judged, nothing is written yet.</summary>
internal sealed record PlannedSubmodule
{
    public required SubmoduleEntry Entry { get; init; }

    /// <summary>Where it is in the tree above it, as files are named.</summary>
    public required string Path { get; init; }

    public required RepositoryUrl Url { get; init; }

    /// <summary>The commit that the tree above records.</summary>
    public required Oid Commit { get; init; }

    public required TreeListing Listing { get; init; }

    public required FileConversion Conversion { get; init; }

    /// <summary>Its repository's stored heads, or null.</summary>
    public required Snapshot? Heads { get; init; }

    /// <summary>Submodules of its own.</summary>
    public required IReadOnlyList<PlannedSubmodule> Inner { get; init; }
}
