namespace Actors.Store.Heads.Postgres;

/// <summary>A row of a snapshot, or of one that it rests on.</summary>
internal readonly record struct SnapshotLink(SnapshotId Id, bool IsDelta, int Depth, int Size, bool Compressed, byte[] Body);
