namespace Actors.Sync.Workspaces;

/// <summary>What came of one request.</summary>
public sealed record WorkspaceResult
{
    public required WorkspaceRequest Request { get; init; }

    public required WorkspaceEnd End { get; init; }

    /// <summary>The workspace, when it was made.</summary>
    public Workspace? Workspace { get; init; }

    /// <summary>For a person, when it was not: why.</summary>
    public string? Error { get; init; }

    /// <summary>Files, links and submodules in the tree.</summary>
    public int Entries { get; init; }

    /// <summary>Bytes of the files written.</summary>
    public long Bytes { get; init; }

    /// <summary>
    /// With <see cref="WorkspaceEnd.NotFound"/>: what the store lacks, each with its URL and commit; the request itself, or submodules. When
    /// it has been fetched, the same request may find that submodules of submodules are lacking.
    /// </summary>
    public IReadOnlyList<WorkspaceRequest> Lacking { get; init; } = [];
}
