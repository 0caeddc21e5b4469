namespace Actors.Git.Packs;

/// <summary>What a pack entry holds (gitformat-pack, "object types"): a whole object, or a delta and how its base is named.</summary>
public enum PackEntryType : byte
{
    /// <summary>Invalid in a pack.</summary>
    None = 0,
    Commit = 1,
    Tree = 2,
    Blob = 3,
    Tag = 4,

    /// <summary>A delta whose base lies so many bytes before it in the same pack.</summary>
    OfsDelta = 6,

    /// <summary>A delta whose base is named by oid.</summary>
    RefDelta = 7,
}
