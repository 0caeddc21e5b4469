using Microsoft.Win32.SafeHandles;

namespace Actors.Store.Index;

/// <summary>Writes one section of a file from its offset on, through a buffer, and sums it up.</summary>
internal sealed class SectionWriter(SafeFileHandle file, long offset)
{
    private const int BufferBytes = 1 << 18;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private Crc32C _checksum = Crc32C.Start();
    private long _offset = offset;
    private int _used;

    /// <summary>Room for the next bytes; to be filled before the next call.</summary>
    public Span<byte> Take(int length)
    {
        if (_used + length > BufferBytes)
        {
            WriteBuffer();
        }

        Span<byte> room = _buffer.AsSpan(_used, length);
        _used += length;
        return room;
    }

    /// <summary>Writes the rest.</summary>
    /// <returns>The section's checksum.</returns>
    public uint Finish()
    {
        WriteBuffer();
        return _checksum.Value;
    }

    private void WriteBuffer()
    {
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(0, _used);
        _checksum.Append(bytes);
        RandomAccess.Write(file, bytes, _offset);
        _offset += _used;
        _used = 0;
    }
}
