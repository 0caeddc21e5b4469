namespace Actors.Store.Heads.Postgres;

/// <summary>A snapshot that is to be stored.</summary>
/// <param name="Snapshot">What.</param>
/// <param name="Base">What its body is a delta to, or null.</param>
/// <param name="Depth">Deltas to the next whole one.</param>
/// <param name="Body">As the row keeps it.</param>
internal sealed record NewSnapshot(Snapshot Snapshot, SnapshotId? Base, int Depth, SnapshotBody Body);
