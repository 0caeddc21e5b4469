using System.Buffers;
using System.Text;
using Actors.Git.Objects;

namespace Actors.Git.Wire;

/// <summary>Builds a message of pkt-lines in memory; nothing is sent before the whole of it stands.</summary>
internal sealed class PktLineWriter(int capacity = 512)
{
    private readonly ArrayBufferWriter<byte> _bytes = new(capacity);

    /// <summary>All that was written.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.WrittenMemory;

    /// <summary>A line of these bytes as they are.</summary>
    public PktLineWriter Line(ReadOnlySpan<byte> payload)
    {
        Span<byte> line = _bytes.GetSpan(PktLine.HeaderBytes + payload.Length);
        PktLine.WriteHeader(line, payload.Length);
        payload.CopyTo(line[PktLine.HeaderBytes..]);
        _bytes.Advance(PktLine.HeaderBytes + payload.Length);
        return this;
    }

    /// <summary>A line of text with LF behind it, in UTF-8.</summary>
    public PktLineWriter Text(string text)
    {
        Span<byte> line = _bytes.GetSpan(PktLine.HeaderBytes + Encoding.UTF8.GetMaxByteCount(text.Length) + 1);
        int length = Encoding.UTF8.GetBytes(text, line[PktLine.HeaderBytes..]);
        PktLine.WriteHeader(line, length + 1);
        line[PktLine.HeaderBytes + length] = (byte)'\n';
        _bytes.Advance(PktLine.HeaderBytes + length + 1);
        return this;
    }

    /// <summary>A line <c>keyword oid LF</c>; the keyword has its space.</summary>
    public PktLineWriter OidLine(ReadOnlySpan<byte> keyword, Oid oid)
    {
        int payload = keyword.Length + Oid.HexLength + 1;
        Span<byte> line = _bytes.GetSpan(PktLine.HeaderBytes + payload);
        PktLine.WriteHeader(line, payload);
        keyword.CopyTo(line[PktLine.HeaderBytes..]);
        oid.FormatHex(line[(PktLine.HeaderBytes + keyword.Length)..]);
        line[PktLine.HeaderBytes + payload - 1] = (byte)'\n';
        _bytes.Advance(PktLine.HeaderBytes + payload);
        return this;
    }

    public PktLineWriter Flush() => Raw("0000"u8);

    public PktLineWriter Delimiter() => Raw("0001"u8);

    private PktLineWriter Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }
}
