namespace Actors.Sync.Workspaces;

/// <summary>A request that ends without a workspace, on its way to becoming a <see cref="WorkspaceResult"/>.</summary>
internal sealed class WorkspaceRefusedException(WorkspaceEnd end, string message) : Exception(message)
{
    public WorkspaceEnd End { get; } = end;

    /// <summary>See <see cref="WorkspaceResult.Lacking"/>.</summary>
    public IReadOnlyList<WorkspaceRequest> Lacking { get; init; } = [];
}
