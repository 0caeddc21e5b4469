using Actors.Git.Objects;
using Actors.Git.Remotes;

namespace Actors.Sync.Workspaces;

/// <summary>A whole workspace.</summary>
public sealed record Workspace
{
    public required RepositoryUrl Url { get; init; }

    /// <summary>The commit that it was made of; HEAD may have moved since.</summary>
    public required Oid Commit { get; init; }

    /// <summary>Absolute path of its folder.</summary>
    public required string Path { get; init; }

    /// <summary>Its repository's base.</summary>
    public required BaseName Base { get; init; }

    /// <summary>Its name among the base's worktrees, as <c>git worktree list</c> goes by.</summary>
    public required string Name { get; init; }

    public required DateTimeOffset MadeAt { get; init; }
}
