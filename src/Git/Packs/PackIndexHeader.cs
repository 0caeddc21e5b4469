using System.Buffers.Binary;
using Actors.Git.Objects;

namespace Actors.Git.Packs;

/// <summary>
/// The first 1,032 bytes of a pack index, version 2 (gitformat-pack, "version 2 pack-*.idx files"): enough to read the oids
/// that begin with certain bytes, and nothing else of the file.
/// </summary>
public readonly record struct PackIndexHeader
{
    /// <summary>Magic, version and fan-out; the oids follow.</summary>
    public const int Bytes = PackIndex.HeaderLength + PackIndex.FanOutLength;

    private readonly int[] _fanOut;

    private PackIndexHeader(int[] fanOut, long largeCount) => (_fanOut, LargeCount) = (fanOut, largeCount);

    /// <summary>Objects in the pack.</summary>
    public int Count => _fanOut[^1];

    /// <summary>Entries of the table of large offsets.</summary>
    internal long LargeCount { get; }

    /// <summary>Reads the header of an index of <paramref name="length"/> bytes, and checks that the two fit together.</summary>
    /// <exception cref="GitFormatException"><see cref="GitFormatError.PackIndex"/>: not such an index.</exception>
    public static PackIndexHeader Read(ReadOnlySpan<byte> bytes, long length)
    {
        if (bytes.Length < Bytes || length < Bytes + (2 * Oid.Length))
        {
            throw PackIndex.Malformed("is shorter than an empty one", length);
        }

        if (!bytes.StartsWith((ReadOnlySpan<byte>)[0xff, (byte)'t', (byte)'O', (byte)'c', 0, 0, 0, 2]))
        {
            throw PackIndex.Malformed("does not begin as version 2 does", 0);
        }

        uint before = 0;
        int[] fanOut = new int[256];
        for (int i = 0; i < fanOut.Length; i++)
        {
            uint next = BinaryPrimitives.ReadUInt32BigEndian(bytes[(PackIndex.HeaderLength + (i * 4))..]);
            if (next < before)
            {
                throw PackIndex.Malformed("has a fan-out that goes down", PackIndex.HeaderLength + (i * 4));
            }

            before = next;
            fanOut[i] = (int)Math.Min(next, int.MaxValue);
        }

        long rest = length - Bytes - (2 * Oid.Length) - ((long)before * (Oid.Length + 8));
        long largeCount = rest / 8;
        return before <= int.MaxValue && rest >= 0 && rest % 8 == 0 && largeCount <= before
            ? new PackIndexHeader(fanOut, largeCount)
            : throw PackIndex.Malformed($"says {before} objects, which do not fit its {length} bytes", Bytes - 4);
    }

    /// <summary>Which of the index's oids begin with certain bytes.</summary>
    /// <param name="first">The least first byte.</param>
    /// <param name="end">One more than the greatest; at most 256.</param>
    /// <returns>Position of the first one in the file's list of oids, and how many.</returns>
    public (int Position, int Count) Slice(int first, int end)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, 256);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(first, end);
        int position = first == 0 ? 0 : _fanOut[first - 1];
        return (position, _fanOut[end - 1] - position);
    }

    /// <summary>Where the oid of a position stands in the file.</summary>
    public static long OffsetOf(int position) => Bytes + ((long)position * Oid.Length);
}
