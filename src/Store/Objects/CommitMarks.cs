namespace Actors.Store.Objects;

/// <summary>What a <see cref="CommitWalk"/> knows of a commit.</summary>
[Flags]
internal enum CommitMarks : byte
{
    None = 0,

    /// <summary>Reached from a tip.</summary>
    Wanted = 1,

    /// <summary>Reached from what is excluded, which outweighs.</summary>
    Excluded = 2,

    /// <summary>Its parents were looked at.</summary>
    Walked = 4,
}
