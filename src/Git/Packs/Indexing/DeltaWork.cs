namespace Actors.Git.Packs.Indexing;

/// <summary>An object whose deltas are to be resolved, with its content: a step of a depth-first walk, or a sub-tree handed to another thread.</summary>
internal struct DeltaWork
{
    /// <summary>The object's entry.</summary>
    public int Entry;

    /// <summary>The delta to be resolved next, or -1.</summary>
    public int NextChild;

    /// <summary>Deltas between the object and its whole base.</summary>
    public int Depth;

    /// <summary>Its content; empty when it was dropped to save memory.</summary>
    public ObjectBuffer Buffer;
}
