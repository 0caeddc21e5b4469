namespace Actors.Store.WorldOfCode;

/// <summary>A stream whose first bytes were looked at, from its start. Leaves the stream below open.</summary>
public sealed class PeekedStream : Stream
{
    private readonly Stream _rest;
    private ReadOnlyMemory<byte> _left;

    private PeekedStream(Stream rest, ReadOnlyMemory<byte> peeked) => (_rest, Peeked, _left) = (rest, peeked, peeked);

    /// <summary>The first bytes; fewer than asked for when the stream has no more.</summary>
    public ReadOnlyMemory<byte> Peeked { get; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Reads so many bytes ahead, where the stream has them.</summary>
    public static PeekedStream Open(Stream stream, int bytes)
    {
        byte[] peeked = new byte[bytes];
        int read = stream.ReadAtLeast(peeked, bytes, throwOnEndOfStream: false);
        return new PeekedStream(stream, peeked.AsMemory(0, read));
    }

    /// <summary>As <see cref="Open"/>, without blocking.</summary>
    public static async ValueTask<PeekedStream> OpenAsync(Stream stream, int bytes, CancellationToken cancellationToken)
    {
        byte[] peeked = new byte[bytes];
        int read = await stream.ReadAtLeastAsync(peeked, bytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return new PeekedStream(stream, peeked.AsMemory(0, read));
    }

    public override int Read(Span<byte> buffer)
    {
        if (_left.IsEmpty)
        {
            return _rest.Read(buffer);
        }

        int taken = Math.Min(buffer.Length, _left.Length);
        _left.Span[..taken].CopyTo(buffer);
        _left = _left[taken..];
        return taken;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _left.IsEmpty ? await _rest.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) : Read(buffer.Span);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
