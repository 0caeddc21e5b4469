using Actors.Store.Heads;

namespace Actors.Sync.Mirrors;

/// <summary>The bundle beside a mirror.</summary>
/// <param name="Snapshot">The heads that it holds.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="AddedBytes">Bytes of packs that were added to the mirror since.</param>
public sealed record MirrorBundle(SnapshotId Snapshot, long Bytes, long AddedBytes);
