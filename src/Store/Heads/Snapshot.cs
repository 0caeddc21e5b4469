namespace Actors.Store.Heads;

/// <summary>All heads of a repository at one visit.</summary>
/// <param name="Id">Computed from the branches.</param>
/// <param name="Branches">In order of raw name, each name once.</param>
public sealed partial record Snapshot(SnapshotId Id, IReadOnlyList<SnapshotBranch> Branches);
