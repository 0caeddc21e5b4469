using System.Buffers.Binary;
using Actors.Git.Objects;

namespace Actors.Store.Index;

/// <summary>
/// The first page of a run file, and what follows from it. All numbers little-endian. Sections, each at a multiple of 64 bytes:
/// header (4,096 bytes), filter (32 bytes a block), fan-out (4 bytes a bucket and one more: index of the bucket's first
/// record), pack numbers (8 bytes each), records in order of oid (20 bytes of oid, then the place of the pack's number in
/// 0, 1, 2 or 4 bytes).
/// </summary>
internal readonly record struct IndexRunHeader
{
    /// <summary>The page before the filter.</summary>
    public const int Bytes = 4096;

    private const int UsedBytes = 68;
    private const int FanOutBitsMin = 4;
    private const int FanOutBitsMax = 28;
    private const int Alignment = 64;
    private static ReadOnlySpan<byte> Magic => "ACTRUN02"u8;

    /// <summary>Records.</summary>
    public required long Count { get; init; }

    public required long FilterBlocks { get; init; }

    public required int FanOutBits { get; init; }

    /// <summary>Bytes after each oid that say which pack.</summary>
    public required int PackWidth { get; init; }

    public required int PackCount { get; init; }

    public uint FilterChecksum { get; init; }

    public uint FanOutChecksum { get; init; }

    public uint PacksChecksum { get; init; }

    public uint RecordsChecksum { get; init; }

    public int Stride => Oid.Length + PackWidth;

    public long FilterBytes => FilterBlocks * FilterBlock.Bytes;

    public long FanOutOffset => Align(Bytes + FilterBytes);

    public long FanOutBytes => ((1L << FanOutBits) + 1) * sizeof(uint);

    public long PacksOffset => Align(FanOutOffset + FanOutBytes);

    public long PacksBytes => (long)PackCount * sizeof(long);

    public long RecordsOffset => Align(PacksOffset + PacksBytes);

    public long RecordsBytes => Count * Stride;

    public long FileBytes => RecordsOffset + RecordsBytes;

    /// <summary>Shape of a run of at most <paramref name="countMax"/> records: four to eight a bucket.</summary>
    public static IndexRunHeader ForCount(long countMax, int packCount, int filterBitsPerOid)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(countMax, Limits.IndexRunOidsMax);
        int bits = FanOutBitsMin;
        while (bits < FanOutBitsMax && countMax >> bits > 8)
        {
            bits++;
        }

        return new IndexRunHeader
        {
            Count = countMax,
            FilterBlocks = Math.Max(1, countMax * filterBitsPerOid / (8 * FilterBlock.Bytes)),
            FanOutBits = bits,
            PackWidth = packCount switch { <= 1 => 0, <= 1 << 8 => 1, <= 1 << 16 => 2, _ => 4 },
            PackCount = packCount,
        };
    }

    /// <summary>Writes the header's page.</summary>
    public void Write(Span<byte> page)
    {
        page[..Bytes].Clear();
        Magic.CopyTo(page);
        BinaryPrimitives.WriteInt64LittleEndian(page[8..], Count);
        BinaryPrimitives.WriteInt64LittleEndian(page[16..], FilterBlocks);
        BinaryPrimitives.WriteInt32LittleEndian(page[24..], FanOutBits);
        BinaryPrimitives.WriteInt32LittleEndian(page[28..], PackWidth);
        BinaryPrimitives.WriteInt32LittleEndian(page[32..], PackCount);
        BinaryPrimitives.WriteUInt32LittleEndian(page[40..], FilterChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(page[44..], FanOutChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(page[48..], PacksChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(page[52..], RecordsChecksum);
        BinaryPrimitives.WriteInt64LittleEndian(page[56..], FileBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(page[(UsedBytes - 4)..], Crc32C.Of(page[..(UsedBytes - 4)]));
    }

    /// <summary>Reads a header that fits a file of <paramref name="fileBytes"/>.</summary>
    /// <exception cref="InvalidDataException">It is no such header.</exception>
    public static IndexRunHeader Read(ReadOnlySpan<byte> page, long fileBytes)
    {
        if (page.Length < Bytes || !page.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(page[(UsedBytes - 4)..]) != Crc32C.Of(page[..(UsedBytes - 4)]))
        {
            throw new InvalidDataException("An index run's header is damaged.");
        }

        var header = new IndexRunHeader
        {
            Count = BinaryPrimitives.ReadInt64LittleEndian(page[8..]),
            FilterBlocks = BinaryPrimitives.ReadInt64LittleEndian(page[16..]),
            FanOutBits = BinaryPrimitives.ReadInt32LittleEndian(page[24..]),
            PackWidth = BinaryPrimitives.ReadInt32LittleEndian(page[28..]),
            PackCount = BinaryPrimitives.ReadInt32LittleEndian(page[32..]),
            FilterChecksum = BinaryPrimitives.ReadUInt32LittleEndian(page[40..]),
            FanOutChecksum = BinaryPrimitives.ReadUInt32LittleEndian(page[44..]),
            PacksChecksum = BinaryPrimitives.ReadUInt32LittleEndian(page[48..]),
            RecordsChecksum = BinaryPrimitives.ReadUInt32LittleEndian(page[52..]),
        };
        bool possible = header.Count is > 0 and <= Limits.IndexRunOidsMax
            && header.FilterBlocks > 0 && header.FilterBlocks <= fileBytes / FilterBlock.Bytes
            && header.FanOutBits is >= FanOutBitsMin and <= FanOutBitsMax
            && header.PackWidth is 0 or 1 or 2 or 4
            && header.PackCount > 0 && header.PackCount <= fileBytes / sizeof(long)
            && (header.PackWidth == 4 || header.PackCount <= 1L << (8 * header.PackWidth))
            && header.FileBytes == fileBytes;
        return possible ? header : throw new InvalidDataException("An index run's header does not fit its file.");
    }

    private static long Align(long offset) => (offset + Alignment - 1) & -Alignment;
}
