using System.Buffers.Binary;
using Actors.Git.Objects;

namespace Actors.Git.Packs;

/// <summary>Fixed parts of a pack file (gitformat-pack): a header of 12 bytes, entries, a trailer of 20.</summary>
internal static class PackFormat
{
    public const int HeaderLength = 12;

    public const int TrailerLength = Oid.Length;

    /// <summary>Bytes of the smallest entry: one of header, eight of an empty zlib stream.</summary>
    public const int EntryLengthMin = 9;

    /// <summary>Versions 2 and 3 have the same entries; git writes 2.</summary>
    public const uint Version = 2;

    /// <summary>Reads <c>PACK</c>, version and count.</summary>
    /// <exception cref="GitFormatException">Not a pack.</exception>
    public static uint ReadHeader(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderLength)
        {
            throw new GitFormatException(GitFormatError.Truncated, "A pack ends within its header", bytes.Length);
        }

        if (!bytes.StartsWith("PACK"u8))
        {
            throw new GitFormatException(GitFormatError.Pack, "A pack does not begin with PACK", 0);
        }

        uint version = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        return version is 2 or 3
            ? BinaryPrimitives.ReadUInt32BigEndian(bytes[8..])
            : throw new GitFormatException(GitFormatError.Pack, $"A pack has version {version}; 2 and 3 are known", 4);
    }

    /// <summary>Writes the header.</summary>
    public static void WriteHeader(Span<byte> destination, uint count)
    {
        "PACK"u8.CopyTo(destination);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], Version);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], count);
    }
}
