namespace Actors.Sync.Workspaces;

/// <summary>How a request for a workspace ended.</summary>
public enum WorkspaceEnd
{
    /// <summary>It is there, whole.</summary>
    Made,

    /// <summary>Something is at the path already.</summary>
    PathTaken,

    /// <summary>The branch exists already, or its name cannot be one.</summary>
    BranchRefused,

    /// <summary>Neither the store nor the remote has the commit or ref.</summary>
    NotFound,

    /// <summary>The remote did not give what the store lacks.</summary>
    RemoteFailed,

    /// <summary>The tree has names that git refuses to check out, or what cannot be files here.</summary>
    Unsafe,

    /// <summary>The disk, or something else of this machine.</summary>
    Failed,
}
