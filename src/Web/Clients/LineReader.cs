namespace Actors.Web.Clients;

/// <summary>Lines of a stream as bytes, each with a limit on its length and on the silence before it.</summary>
internal sealed class LineReader(Stream stream, int lineBytesMax, TimeSpan silenceMax, TimeProvider clock)
{
    private byte[] _buffer = new byte[16 << 10];
    private int _start;
    private int _end;

    /// <summary>The next line without its end, good until the next call; null at the end of the stream.</summary>
    /// <exception cref="ApiException">The line is too long, or nothing came for too long.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        int looked = 0;
        while (true)
        {
            int feed = _buffer.AsSpan(_start + looked, _end - _start - looked).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                ReadOnlyMemory<byte> line = _buffer.AsMemory(_start, looked + feed);
                _start += looked + feed + 1;
                return line.Span is [.., (byte)'\r'] ? line[..^1] : line;
            }

            looked = _end - _start;
            if (looked > lineBytesMax)
            {
                throw new ApiException($"The server sent a line of more than {lineBytesMax} bytes.", isTransient: false);
            }

            MakeRoom();
            int read = await FillAsync(cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                // What is left without a line feed was cut off.
                return looked == 0 ? null : throw new ApiException("The answer ends within a line.", isTransient: true);
            }

            _end += read;
        }
    }

    private void MakeRoom()
    {
        if (_end < _buffer.Length)
        {
            return;
        }

        int held = _end - _start;
        byte[] target = held > _buffer.Length / 2 ? new byte[_buffer.Length * 2] : _buffer;
        Buffer.BlockCopy(_buffer, _start, target, 0, held);
        (_buffer, _start, _end) = (target, 0, held);
    }

    private async ValueTask<int> FillAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource silence = new(silenceMax, clock);
        using CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        try
        {
            return await stream.ReadAsync(_buffer.AsMemory(_end), ends.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (silence.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ApiException($"Nothing came for {silenceMax.TotalSeconds:0} seconds.", isTransient: true, inner: e);
        }
    }
}
