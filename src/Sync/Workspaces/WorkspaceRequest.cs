using Actors.Git.Remotes;

namespace Actors.Sync.Workspaces;

/// <summary>One workspace that is wanted.</summary>
public sealed record WorkspaceRequest
{
    public required RepositoryUrl Url { get; init; }

    /// <summary>A commit's oid (40 hex digits), a branch, a tag, or a full ref name; null: the remote's HEAD.</summary>
    public string? Commit { get; init; }

    /// <summary>The folder that it is to be: must not exist, or be empty. Null: one below the workspaces' own folder, named by commit.</summary>
    public string? Path { get; init; }

    /// <summary>A new branch to be on; null: HEAD is detached, as <c>git worktree add --detach</c> leaves it.</summary>
    public string? Branch { get; init; }

    /// <summary>Folders that the working tree holds (git's sparse checkout, cone); empty: everything.</summary>
    public IReadOnlyList<string> Sparse { get; init; } = [];

    /// <summary>Files that the tree keeps in Git LFS are fetched; otherwise they are their pointers.</summary>
    public bool Lfs { get; init; }

    /// <summary>Submodules are filled too, theirs as well, at the commits that are recorded; otherwise they are empty folders.</summary>
    public bool Submodules { get; init; }
}
