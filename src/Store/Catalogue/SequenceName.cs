using System.Buffers.Binary;
using Actors.Git.Objects;

namespace Actors.Store.Catalogue;

/// <summary>
/// A pack's sequence as an oid, for code that names packs by their checksums: two visible packs of a shared store may have one checksum, and
/// then hold the same.
/// </summary>
internal static class SequenceName
{
    public static Oid Of(long sequence)
    {
        Span<byte> bytes = stackalloc byte[Oid.Length];
        bytes.Clear();
        BinaryPrimitives.WriteInt64BigEndian(bytes, sequence);
        return Oid.FromBytes(bytes);
    }

    public static long Parse(Oid name)
    {
        Span<byte> bytes = stackalloc byte[Oid.Length];
        name.CopyTo(bytes);
        return BinaryPrimitives.ReadInt64BigEndian(bytes);
    }
}
