using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Actors.Git.Objects;
using Actors.Git.Packs;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Git.Tests.Packs;

/// <summary>Makes packs by hand, sound or not, without the code under test but for entry headers.</summary>
internal sealed class PackMaker
{
    private readonly List<byte> _entries = [];

    /// <summary>Where each entry starts, in order.</summary>
    public List<long> Offsets { get; } = [];

    /// <summary>What the header will say; null: the truth.</summary>
    public uint? AnnouncedCount { get; set; }

    public CompressionLevel Level { get; set; } = CompressionLevel.Fastest;

    public static byte[] Compress(ReadOnlySpan<byte> content, CompressionLevel level = CompressionLevel.Fastest)
    {
        if (content.IsEmpty)
        {
            // ZLibStream writes nothing at all for no bytes.
            return [0x78, 0x9c, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01];
        }

        var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, level))
        {
            zlib.Write(content);
        }

        return compressed.ToArray();
    }

    /// <summary>A delta that copies parts of the base (offset, size) and inserts bytes.</summary>
    public static byte[] Delta(long baseSize, long resultSize, params object[] instructions)
    {
        var delta = new List<byte>();
        AddSize(delta, baseSize);
        AddSize(delta, resultSize);
        foreach (object instruction in instructions)
        {
            if (instruction is byte[] inserted)
            {
                delta.Add((byte)inserted.Length);
                delta.AddRange(inserted);
            }
            else
            {
                (int offset, int size) = ((int, int))instruction;
                delta.Add(0xff);
                delta.AddRange([(byte)offset, (byte)(offset >> 8), (byte)(offset >> 16), (byte)(offset >> 24)]);
                delta.AddRange([(byte)size, (byte)(size >> 8), (byte)(size >> 16)]);
            }
        }

        return [.. delta];
    }

    public PackMaker AddWhole(ObjectType type, ReadOnlySpan<byte> content) =>
        AddRaw(PackEntryHeader.Whole(type, content.Length), Compress(content, Level));

    public PackMaker AddOfsDelta(int baseEntry, byte[] delta) =>
        AddRaw(new PackEntryHeader(PackEntryType.OfsDelta, delta.Length, Position - Offsets[baseEntry], default), Compress(delta));

    public PackMaker AddRefDelta(Oid baseOid, byte[] delta) =>
        AddRaw(new PackEntryHeader(PackEntryType.RefDelta, delta.Length, 0, baseOid), Compress(delta));

    public PackMaker AddRaw(PackEntryHeader header, ReadOnlySpan<byte> stream)
    {
        Span<byte> bytes = stackalloc byte[PackEntryHeader.LengthMax];
        return AddBytes([.. bytes[..header.Write(bytes)], .. stream]);
    }

    public PackMaker AddBytes(ReadOnlySpan<byte> entry)
    {
        Offsets.Add(Position);
        _entries.AddRange(entry);
        return this;
    }

    public byte[] Build(ReadOnlySpan<byte> garbage = default)
    {
        byte[] header = new byte[12];
        "PACK"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), 2);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), AnnouncedCount ?? (uint)Offsets.Count);
        byte[] body = [.. header, .. _entries, .. garbage];
        return [.. body, .. SHA1.HashData(body)];
    }

    private long Position => 12 + _entries.Count;

    private static void AddSize(List<byte> delta, long size)
    {
        for (; size > 0x7f; size >>= 7)
        {
            delta.Add((byte)(size | 0x80));
        }

        delta.Add((byte)size);
    }
}
