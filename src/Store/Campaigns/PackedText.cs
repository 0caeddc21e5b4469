using System.Buffers;
using System.IO.Compression;

namespace Actors.Store.Campaigns;

/// <summary>Bytes that grow: numbers of as many bytes as they need (seven bits each, low ones first), and byte strings after their lengths; packed by zlib.</summary>
internal sealed class PackedText
{
    private readonly ArrayBufferWriter<byte> _bytes = new(256);

    public int Length => _bytes.WrittenCount;

    /// <summary>Memory that it takes.</summary>
    public int Capacity => _bytes.Capacity;

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void Clear() => _bytes.ResetWrittenCount();

    public void Add(long number)
    {
        ulong rest = (ulong)number;
        Span<byte> bytes = _bytes.GetSpan(10);
        int length = 0;
        for (; rest > 0x7f; rest >>= 7)
        {
            bytes[length++] = (byte)(rest | 0x80);
        }

        bytes[length++] = (byte)rest;
        _bytes.Advance(length);
    }

    public void Add(ReadOnlySpan<byte> text)
    {
        Add(text.Length);
        _bytes.Write(text);
    }

    /// <summary>Bytes of another one.</summary>
    public void Append(PackedText other) => _bytes.Write(other.Written);

    /// <summary>Everything, compressed: the length before, then zlib.</summary>
    public byte[] Pack()
    {
        using MemoryStream packed = new(Length / 3);
        Span<byte> length = stackalloc byte[sizeof(int)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(length, Length);
        packed.Write(length);
        using (ZLibStream zlib = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(Written);
        }

        return packed.ToArray();
    }
}
