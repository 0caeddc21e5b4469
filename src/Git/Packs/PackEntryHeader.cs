using Actors.Git.Objects;

namespace Actors.Git.Packs;

/// <summary>The bytes before an entry's zlib stream (gitformat-pack, "pack-*.pack files have the following format").</summary>
/// <param name="Type">What the entry holds.</param>
/// <param name="Size">Inflated bytes of the entry: of the object, or of the delta itself.</param>
/// <param name="BaseDistance">For <see cref="PackEntryType.OfsDelta"/>: how many bytes before this entry's start its base starts; else 0.</param>
/// <param name="BaseOid">For <see cref="PackEntryType.RefDelta"/>: the base; else null id.</param>
public readonly record struct PackEntryHeader(PackEntryType Type, long Size, long BaseDistance, Oid BaseOid)
{
    /// <summary>No header is longer: 9 bytes of size for a size that fits in 63 bits, then 9 bytes of distance or 20 of oid.</summary>
    public const int LengthMax = 10 + Oid.Length;

    /// <summary>Whether the entry is a delta.</summary>
    public bool IsDelta => Type >= PackEntryType.OfsDelta;

    /// <summary>The type of the object, when it is whole; else <see cref="ObjectType.None"/>.</summary>
    public ObjectType ObjectType => IsDelta ? ObjectType.None : (ObjectType)Type;

    /// <summary>The header of a whole object.</summary>
    public static PackEntryHeader Whole(ObjectType type, long size) => new((PackEntryType)type, size, 0, default);

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">From the entry's first byte on.</param>
    /// <param name="offset">Where that is in the pack: for error messages, and a base must not lie before the pack's header.</param>
    /// <param name="header">What was read.</param>
    /// <returns>Bytes of the header, or 0: more bytes are needed.</returns>
    /// <exception cref="GitFormatException">No such type, a size or distance beyond 63 bits, a base before the pack's first entry.</exception>
    public static int Read(ReadOnlySpan<byte> bytes, long offset, out PackEntryHeader header)
    {
        int length = ReadTypeAndSize(bytes, offset, out PackEntryType type, out long size);
        header = new PackEntryHeader(type, size, 0, default);
        if (length == 0 || type < PackEntryType.OfsDelta)
        {
            return length;
        }

        if (type == PackEntryType.RefDelta)
        {
            if (bytes.Length < length + Oid.Length)
            {
                return 0;
            }

            header = header with { BaseOid = Oid.FromBytes(bytes[length..]) };
            return length + Oid.Length;
        }

        int more = ReadDistance(bytes[length..], offset, out long distance);
        header = header with { BaseDistance = distance };
        return more == 0 ? 0 : length + more;
    }

    /// <summary>Writes the header; returns its length.</summary>
    /// <param name="destination">At least <see cref="LengthMax"/> bytes.</param>
    public int Write(Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Size);
        long rest = Size >> 4;
        byte current = (byte)(((int)Type << 4) | (int)(Size & 15));
        int length = 0;
        for (; rest != 0; rest >>= 7)
        {
            destination[length++] = (byte)(current | 0x80);
            current = (byte)(rest & 0x7f);
        }

        destination[length++] = current;
        switch (Type)
        {
            case PackEntryType.RefDelta:
                BaseOid.CopyTo(destination[length..]);
                return length + Oid.Length;
            case PackEntryType.OfsDelta:
                ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BaseDistance);
                return length + WriteDistance(BaseDistance, destination[length..]);
            default:
                return length;
        }
    }

    private static int ReadTypeAndSize(ReadOnlySpan<byte> bytes, long offset, out PackEntryType type, out long size)
    {
        (type, size) = (PackEntryType.None, 0);
        if (bytes.IsEmpty)
        {
            return 0;
        }

        int current = bytes[0];
        type = (PackEntryType)((current >> 4) & 7);
        if ((int)type is 0 or 5)
        {
            throw new GitFormatException(GitFormatError.Pack, $"A pack entry has type {(int)type}, which does not exist", offset);
        }

        ulong value = (ulong)(current & 15);
        int used = 1;
        for (int shift = 4; (current & 0x80) != 0; shift += 7)
        {
            if (used == bytes.Length)
            {
                return 0;
            }

            current = bytes[used++];
            ulong part = (ulong)(current & 0x7f);
            if (shift > 62 || (part << shift) >> shift != part || (long)(part << shift) < 0)
            {
                throw new GitFormatException(GitFormatError.Pack, "A pack entry's size has more than 63 bits", offset);
            }

            value |= part << shift;
        }

        size = (long)value;
        return used;
    }

    private static int ReadDistance(ReadOnlySpan<byte> bytes, long offset, out long distance)
    {
        distance = 0;
        if (bytes.IsEmpty)
        {
            return 0;
        }

        int current = bytes[0];
        long value = current & 0x7f;
        int used = 1;
        while ((current & 0x80) != 0)
        {
            if (used == bytes.Length)
            {
                return 0;
            }

            if (value >= (1L << 56) - 1)
            {
                throw new GitFormatException(GitFormatError.Pack, "The distance of a delta's base has more than 63 bits", offset);
            }

            current = bytes[used++];
            value = ((value + 1) << 7) | (long)(current & 0x7f);
        }

        if (value <= 0 || value > offset - PackFormat.HeaderLength)
        {
            throw new GitFormatException(GitFormatError.Delta, $"A delta's base is {value} bytes before it, where no entry can be", offset);
        }

        distance = value;
        return used;
    }

    private static int WriteDistance(long distance, Span<byte> destination)
    {
        // Each further byte carries one more than its bits, so that no distance has two spellings.
        Span<byte> reversed = stackalloc byte[10];
        int count = 0;
        reversed[count++] = (byte)(distance & 0x7f);
        while ((distance >>= 7) != 0)
        {
            reversed[count++] = (byte)(0x80 | (--distance & 0x7f));
        }

        for (int i = 0; i < count; i++)
        {
            destination[i] = reversed[count - 1 - i];
        }

        return count;
    }
}
