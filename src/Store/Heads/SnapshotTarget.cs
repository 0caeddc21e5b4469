namespace Actors.Store.Heads;

/// <summary>
/// What a branch of a snapshot points to, in Software Heritage's words (a git commit is a revision, an annotated tag a
/// release). Stored by number: numbers are never reused, and all fit in three bits.
/// </summary>
public enum SnapshotTarget : byte
{
    /// <summary>A blob.</summary>
    Content = 1,

    /// <summary>A tree.</summary>
    Directory = 2,

    /// <summary>A commit.</summary>
    Revision = 3,

    /// <summary>An annotated tag.</summary>
    Release = 4,

    /// <summary>Another branch of the same snapshot.</summary>
    Alias = 5,

    /// <summary>Nothing.</summary>
    Dangling = 6,

    /// <summary>Another snapshot. Made by no git repository.</summary>
    Snapshot = 7,
}
