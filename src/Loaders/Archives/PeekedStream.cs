namespace Actors.Loaders.Archives;

/// <summary>A buffered stream whose next bytes can be looked at before they are taken.</summary>
internal sealed class PeekedStream(Stream inner) : ReadOnlyStream
{
    private readonly byte[] _buffer = new byte[128 << 10];
    private int _next;
    private int _end;

    /// <summary>The next bytes, fewer only at the end of the stream; valid until the next read.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(int count, CancellationToken cancellationToken)
    {
        if (_end - _next < count)
        {
            _buffer.AsSpan(_next, _end - _next).CopyTo(_buffer);
            (_next, _end) = (0, _end - _next);
            int read;
            while (_end < count && (read = await inner.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false)) > 0)
            {
                _end += read;
            }
        }

        return _buffer.AsMemory(_next, Math.Min(count, _end - _next));
    }

    /// <summary>The next byte, or -1, without taking it.</summary>
    public int PeekByte()
    {
        if (_next == _end)
        {
            (_next, _end) = (0, inner.Read(_buffer));
        }

        return _next == _end ? -1 : _buffer[_next];
    }

    public override int ReadByte()
    {
        int next = PeekByte();
        _next += next < 0 ? 0 : 1;
        return next;
    }

    public override int Read(Span<byte> buffer)
    {
        if (_next == _end)
        {
            if (buffer.Length >= _buffer.Length)
            {
                return inner.Read(buffer);
            }

            (_next, _end) = (0, inner.Read(_buffer));
        }

        return Take(buffer);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_next == _end)
        {
            if (buffer.Length >= _buffer.Length)
            {
                return await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            }

            (_next, _end) = (0, await inner.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false));
        }

        return Take(buffer.Span);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Take(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, _end - _next);
        _buffer.AsSpan(_next, count).CopyTo(buffer);
        _next += count;
        return count;
    }
}
