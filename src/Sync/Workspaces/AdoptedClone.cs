using Actors.Git.Objects;

namespace Actors.Sync.Workspaces;

/// <summary>What became of one clone that was found.</summary>
/// <param name="Path">Its folder.</param>
/// <param name="Url">Where it was cloned from, or its own path.</param>
/// <param name="Head">The commit that its HEAD names, or the null id.</param>
/// <param name="DroppedBytes">Bytes of packs and loose objects that it had itself and the store has too: removed.</param>
/// <param name="Error">Why it was not adopted; null: its objects are in the store, and it borrows from there.</param>
public sealed record AdoptedClone(string Path, string Url, Oid Head, long DroppedBytes, string? Error);
