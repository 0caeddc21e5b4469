namespace Actors.Store.Catalogue;

/// <summary>How an attempt to make a pack visible ended.</summary>
/// <param name="Status">How.</param>
/// <param name="Sequence">The pack's own when committed, else the last one in use then.</param>
internal readonly record struct PackCommit(PackCommitStatus Status, long Sequence);
