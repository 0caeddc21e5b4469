namespace Actors.Store.Checks;

/// <summary>What a check of a store finds wrong.</summary>
public enum StoreProblemKind
{
    /// <summary>A pack that cannot be read as a whole, or has another checksum than its trailer or its name says.</summary>
    Pack,

    /// <summary>A pack's <c>.idx</c> that is not the one that the pack gives.</summary>
    PackIndex,

    /// <summary>An object that cannot be read, or has another id than it is stored under.</summary>
    Object,

    /// <summary>The index over all packs misses an object or names a pack without it. Derived: it is made anew when its directory is removed.</summary>
    ObjectIndex,

    /// <summary>An object refers to one that the store does not have, or that has another type.</summary>
    Reference,

    /// <summary>A head names an object that the store does not have.</summary>
    Head,

    /// <summary>A repository's snapshot is not in the head database.</summary>
    Snapshot,

    /// <summary>An object was made to collide with another one under SHA-1.</summary>
    Collision,
}
