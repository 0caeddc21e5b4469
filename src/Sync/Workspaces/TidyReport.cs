namespace Actors.Sync.Workspaces;

/// <summary>What <c>prune</c> or <c>gc</c> did, or would do.</summary>
/// <param name="Removed">Paths that went.</param>
/// <param name="Kept">Paths that stayed though they looked unused, each with the reason.</param>
public sealed record TidyReport(IReadOnlyList<string> Removed, IReadOnlyList<(string Path, string Reason)> Kept);
