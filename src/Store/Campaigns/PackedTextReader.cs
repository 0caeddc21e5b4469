using System.Buffers.Binary;
using System.IO.Compression;

namespace Actors.Store.Campaigns;

/// <summary>Reads what <see cref="PackedText"/> wrote. The database is ours, yet damage is told as damage.</summary>
internal ref struct PackedTextReader(ReadOnlyMemory<byte> text)
{
    private readonly ReadOnlyMemory<byte> _text = text;
    private int _at;

    public readonly bool Ended => _at == _text.Length;

    /// <summary>Unpacks.</summary>
    /// <exception cref="FormatException">Not what was packed.</exception>
    public static PackedTextReader Unpack(byte[] packed)
    {
        int length = packed.Length < sizeof(int) ? -1 : BinaryPrimitives.ReadInt32BigEndian(packed);
        if (length is < 0 or > Limits.PackedTextBytesMax)
        {
            throw Damaged();
        }

        byte[] text = new byte[length];
        try
        {
            using ZLibStream zlib = new(new MemoryStream(packed, sizeof(int), packed.Length - sizeof(int)), CompressionMode.Decompress);
            zlib.ReadExactly(text);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new FormatException("packed lines are damaged", e);
        }

        return new PackedTextReader(text);
    }

    /// <exception cref="FormatException">The bytes end, or the number does not.</exception>
    public long ReadNumber()
    {
        ReadOnlySpan<byte> bytes = _text.Span;
        ulong number = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (_at >= bytes.Length)
            {
                break;
            }

            byte next = bytes[_at++];
            number |= (ulong)(next & 0x7f) << shift;
            if (next <= 0x7f)
            {
                return (long)number;
            }
        }

        throw Damaged();
    }

    /// <exception cref="FormatException">The bytes end.</exception>
    public ReadOnlyMemory<byte> ReadText()
    {
        long length = ReadNumber();
        if (length < 0 || length > _text.Length - _at)
        {
            throw Damaged();
        }

        ReadOnlyMemory<byte> text = _text.Slice(_at, (int)length);
        _at += (int)length;
        return text;
    }

    private static FormatException Damaged() => new("packed lines are damaged");
}
