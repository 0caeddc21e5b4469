namespace Actors.Git.Packs.Indexing;

/// <summary>
/// One object's content in native memory: before it, room for the header that is hashed with it; behind it, slack for the
/// inflater and, for trees, one bit a byte that tells where entries start.
/// </summary>
internal unsafe struct ObjectBuffer
{
    public byte* Content;

    /// <summary>Bytes of content.</summary>
    public long Size;

    /// <summary>Starts of tree entries, as <see cref="TreeStarts"/> keeps them; null when nobody needs them.</summary>
    public ulong* Starts;

    /// <summary>What <see cref="ObjectBuffers"/> gave, for giving it back.</summary>
    public byte* Block;

    /// <summary>Bytes of the block.</summary>
    public long BlockSize;

    /// <summary>Behind the block, when it is not anonymous memory.</summary>
    public TemporaryMapping? Mapping;

    public readonly bool IsEmpty => Content == null;
}
