namespace Actors.Store.Heads.Sqlite;

/// <summary>A repository with the numbers that tie it to other tables.</summary>
/// <param name="Number">Its row.</param>
/// <param name="State">What callers see.</param>
/// <param name="SnapshotNumber">Row of its heads, or null.</param>
/// <param name="LastVisit">Place of its last visit in the log, or null.</param>
internal sealed record RepositoryRow(long Number, RepositoryState State, long? SnapshotNumber, long? LastVisit);
