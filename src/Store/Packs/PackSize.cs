using Actors.Git.Objects;

namespace Actors.Store.Packs;

/// <summary>A visible pack and the bytes of its two files.</summary>
internal readonly record struct PackSize(Oid Name, long PackBytes, long IndexBytes)
{
    public long Bytes => PackBytes + IndexBytes;
}
