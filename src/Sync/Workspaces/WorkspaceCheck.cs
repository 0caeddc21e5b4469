namespace Actors.Sync.Workspaces;

/// <summary>What was found of one workspace, or of one base.</summary>
/// <param name="Path">Whose folder.</param>
/// <param name="Problem">What is wrong with it; null: nothing.</param>
/// <param name="ChangedFiles">Files that people changed, added or deleted.</param>
public sealed record WorkspaceCheck(string Path, string? Problem, int ChangedFiles);
