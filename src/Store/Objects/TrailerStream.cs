using Actors.Git.Objects;

namespace Actors.Store.Objects;

/// <summary>Passes a pack through, counts its bytes and keeps the last 20: its checksum.</summary>
internal sealed class TrailerStream(Stream inner) : Stream
{
    private readonly byte[] _tail = new byte[Oid.Length];

    /// <summary>Bytes read so far.</summary>
    public long Count { get; private set; }

    /// <summary>The last 20 bytes read.</summary>
    public Oid Trailer => Oid.FromBytes(_tail);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => Count;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Keep(buffer.AsSpan(offset, inner.Read(buffer, offset, count)));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        return Keep(buffer.Span[..count]);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Keep(ReadOnlySpan<byte> bytes)
    {
        int kept = Math.Min(bytes.Length, _tail.Length);
        _tail.AsSpan(kept).CopyTo(_tail);
        bytes[^kept..].CopyTo(_tail.AsSpan(_tail.Length - kept));
        Count += bytes.Length;
        return bytes.Length;
    }
}
