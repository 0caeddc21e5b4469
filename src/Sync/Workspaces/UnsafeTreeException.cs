namespace Actors.Sync.Workspaces;

/// <summary>A tree that must not or cannot become files here; the message names the entry and says why.</summary>
internal sealed class UnsafeTreeException(string message) : Exception(message);
