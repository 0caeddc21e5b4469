using System.Buffers;
using Actors.Git.Remotes;
using Actors.Git.Transport;

namespace Actors.Git.Wire;

/// <summary>
/// Feeds <see cref="PktLine"/> from a stream, each read under a deadline. What the stream does wrong comes out as
/// <see cref="RemoteFailureException"/>. Not safe for use by two at once.
/// </summary>
internal sealed class PktLineReader(Stream stream, Deadline deadline) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(2 * (Limits.PktLinePayloadBytesMax + PktLine.HeaderBytes));
    private int _start;
    private int _end;
    private int _payloadStart;
    private int _payloadLength;

    /// <summary>Bytes taken from the stream.</summary>
    public long BytesRead { get; private set; }

    /// <summary>The last line's payload; until the next call.</summary>
    public ReadOnlyMemory<byte> Payload => _buffer.AsMemory(_payloadStart, _payloadLength);

    /// <summary>The last line as text: without its LF.</summary>
    public ReadOnlySpan<byte> Text => PktLine.WithoutLineFeed(Payload.Span);

    /// <summary>The next line. An end of the stream inside a line is <see cref="RemoteFailureKind.CutOff"/>.</summary>
    public async ValueTask<PktLineKind> ReadAsync()
    {
        while (true)
        {
            if (TryRead(out PktLineKind kind))
            {
                return kind;
            }

            if (!await FillAsync().ConfigureAwait(false))
            {
                return _start == _end
                    ? PktLineKind.EndOfInput
                    : throw new RemoteFailureException(RemoteFailureKind.CutOff, "The connection ended inside a pkt-line.");
            }
        }
    }

    /// <summary>As <see cref="ReadAsync"/>, and an error-line (gitprotocol-pack, "error-line") or the end of the stream is the remote's failure.</summary>
    public async ValueTask<PktLineKind> ReadExpectedAsync()
    {
        PktLineKind kind = await ReadAsync().ConfigureAwait(false);
        return kind switch
        {
            PktLineKind.EndOfInput => throw new RemoteFailureException(RemoteFailureKind.CutOff, "The connection ended before the response did."),
            PktLineKind.Data when RemoteMessage.IsError(Payload.Span, out ReadOnlySpan<byte> words) => throw new RemoteFailureException(RemoteMessage.Classify(words)),
            _ => kind,
        };
    }

    /// <summary>Bytes as they come, without framing; 0 at the end. For a pack sent without sideband.</summary>
    public async ValueTask<int> ReadRawAsync(Memory<byte> destination)
    {
        if (_start == _end && !await FillAsync().ConfigureAwait(false))
        {
            return 0;
        }

        int length = Math.Min(destination.Length, _end - _start);
        _buffer.AsSpan(_start, length).CopyTo(destination.Span);
        _start += length;
        return length;
    }

    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        (_start, _end, _payloadStart, _payloadLength) = (0, 0, 0, 0);
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private bool TryRead(out PktLineKind kind)
    {
        int length = PktLine.Read(_buffer.AsSpan(_start.._end), out kind, out ReadOnlySpan<byte> payload);
        (_payloadStart, _payloadLength) = (_start + PktLine.HeaderBytes, payload.Length);
        _start += length;
        return length > 0;
    }

    private async ValueTask<bool> FillAsync()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        int read = await deadline.ReadAsync(stream, _buffer.AsMemory(_end)).ConfigureAwait(false);
        _end += read;
        BytesRead += read;
        return read > 0;
    }
}
