using System.Buffers.Binary;
using Actors.Git.Objects;

namespace Actors.Git.Packs;

/// <summary>
/// A pack index, version 2 (gitformat-pack, "version 2 pack-*.idx files"), memory-mapped. Safe for any number of readers;
/// dispose it when nobody reads it or a span of it any more.
/// </summary>
public sealed unsafe class PackIndex : IDisposable
{
    internal const int FanOutLength = 256 * 4;
    internal const int HeaderLength = 8;
    internal const uint LargeOffset = 0x80000000;

    private readonly MappedFile _file;
    private readonly byte* _fanOut;
    private readonly byte* _crcs;
    private readonly byte* _offsets;
    private readonly byte* _largeOffsets;
    private readonly long _largeCount;

    private PackIndex(MappedFile file)
    {
        _file = file;
        PackIndexHeader header = PackIndexHeader.Read(new ReadOnlySpan<byte>(file.Start, (int)Math.Min(file.Length, PackIndexHeader.Bytes)), file.Length);
        (Count, _largeCount) = (header.Count, header.LargeCount);
        _fanOut = file.Start + HeaderLength;
        byte* oids = _fanOut + FanOutLength;
        _crcs = oids + ((long)Count * Oid.Length);
        _offsets = _crcs + ((long)Count * 4);
        _largeOffsets = _offsets + ((long)Count * 4);
        PackChecksum = Oid.FromBytes(new ReadOnlySpan<byte>(file.Start + file.Length - (2 * Oid.Length), Oid.Length));
    }

    /// <summary>Objects in the pack.</summary>
    public int Count { get; }

    /// <summary>The trailer of the pack that this index is of.</summary>
    public Oid PackChecksum { get; }

    /// <summary>Bytes of the file.</summary>
    public long Length => _file.Length;

    /// <summary>All oids in order; a position in it is the position that the other members take.</summary>
    public ReadOnlySpan<Oid> Oids => new(_fanOut + FanOutLength, Count);

    /// <summary>Opens an index and checks that its sizes fit together; each position is checked when it is read, the checksum only by <see cref="Verify"/>.</summary>
    /// <exception cref="GitFormatException"><see cref="GitFormatError.PackIndex"/>: not such an index.</exception>
    public static PackIndex Open(string path)
    {
        var file = new MappedFile(path);
        try
        {
            return new PackIndex(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Finds an object's position.</summary>
    public bool TryFind(Oid oid, out int position)
    {
        int first = (int)(oid.Prefix >> 56);
        int low = first == 0 ? 0 : FanOut(first - 1);
        int high = FanOut(first);
        ReadOnlySpan<Oid> oids = Oids;
        while (low < high)
        {
            int middle = low + ((high - low) >> 1);
            int order = oids[middle].CompareTo(oid);
            if (order == 0)
            {
                position = middle;
                return true;
            }

            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        position = -1;
        return false;
    }

    /// <summary>Where the entry at a position starts in the pack.</summary>
    /// <exception cref="GitFormatException">The index points outside its own table of large offsets.</exception>
    public long OffsetAt(int position)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)position, (uint)Count);
        uint offset = BinaryPrimitives.ReadUInt32BigEndian(new ReadOnlySpan<byte>(_offsets + ((long)position * 4), 4));
        if ((offset & LargeOffset) == 0)
        {
            return offset;
        }

        uint large = offset & ~LargeOffset;
        if (large >= _largeCount)
        {
            throw Malformed("points outside its table of large offsets", position);
        }

        long value = BinaryPrimitives.ReadInt64BigEndian(new ReadOnlySpan<byte>(_largeOffsets + ((long)large * 8), 8));
        return value >= 0 ? value : throw Malformed("holds a negative offset", position);
    }

    /// <summary>CRC-32 of the entry's bytes in the pack.</summary>
    public uint CrcAt(int position)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)position, (uint)Count);
        return BinaryPrimitives.ReadUInt32BigEndian(new ReadOnlySpan<byte>(_crcs + ((long)position * 4), 4));
    }

    /// <summary>Reads the whole file: order of oids, fan-out, offsets and checksum.</summary>
    /// <exception cref="GitFormatException"><see cref="GitFormatError.PackIndex"/> or <see cref="GitFormatError.Checksum"/>.</exception>
    public void Verify()
    {
        ReadOnlySpan<Oid> oids = Oids;
        for (int i = 0; i < Count; i++)
        {
            if (i > 0 && oids[i - 1] >= oids[i])
            {
                throw Malformed("does not have its oids in order, each once", i);
            }

            int first = (int)(oids[i].Prefix >> 56);
            if (i >= FanOut(first) || (first > 0 && i < FanOut(first - 1)))
            {
                throw Malformed("has a fan-out that does not fit its oids", i);
            }

            _ = OffsetAt(i);
        }

        Span<byte> hash = stackalloc byte[Oid.Length];
        using var sum = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA1);
        for (long at = 0; at < _file.Length - Oid.Length;)
        {
            int part = (int)Math.Min(_file.Length - Oid.Length - at, 1 << 24);
            sum.AppendData(new ReadOnlySpan<byte>(_file.Start + at, part));
            at += part;
        }

        sum.GetHashAndReset(hash);
        if (!hash.SequenceEqual(new ReadOnlySpan<byte>(_file.Start + _file.Length - Oid.Length, Oid.Length)))
        {
            throw new GitFormatException(GitFormatError.Checksum, "A pack index does not have the checksum that it ends with", _file.Length - Oid.Length);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    internal static GitFormatException Malformed(string what, long offset) =>
        new(GitFormatError.PackIndex, "A pack index " + what, offset);

    private int FanOut(int first) =>
        (int)BinaryPrimitives.ReadUInt32BigEndian(new ReadOnlySpan<byte>(_fanOut + (first * 4), 4));
}
