using Actors.Git;

namespace Actors.Store.Index.Peers;

/// <summary>Reads frames from a connection, one after the other.</summary>
internal sealed class PeerStream(Stream stream)
{
    private const int BufferBytes = 1 << 16;

    private byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _end;

    /// <summary>Body of the frame that was read last, until the next one is.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; }

    /// <summary>Whether more than the last frame has come already.</summary>
    public bool HasMore => _end > _start;

    /// <summary>Reads the next frame. False: the connection has ended between two.</summary>
    /// <param name="expected">The only message that may come now.</param>
    /// <param name="bodyBytesMax">What its body may have.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="GitFormatException">It is no such frame.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask<bool> ReadAsync(PeerMessageKind expected, int bodyBytesMax, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (PeerFrame.TryRead(_buffer.AsSpan(_start, _end - _start), bodyBytesMax, out PeerMessageKind kind, out int bodyBytes))
            {
                Body = _buffer.AsMemory(_start + PeerFrame.HeaderBytes, bodyBytes);
                _start += PeerFrame.HeaderBytes + bodyBytes;
                return kind == expected
                    ? true
                    : throw new GitFormatException(GitFormatError.Response, $"An index process sends {kind} where {expected} is due", 0);
            }

            MakeRoom(PeerFrame.HeaderBytes + bodyBytes);
            int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            _end += read;
            if (read == 0)
            {
                return _end == _start
                    ? false
                    : throw new EndOfStreamException("A connection between index processes ended within a message.");
            }
        }
    }

    /// <summary>Room for a frame; the checked header says how much it needs.</summary>
    private void MakeRoom(int frameBytes)
    {
        int used = _end - _start;
        byte[] target = _buffer.Length >= frameBytes ? _buffer : new byte[frameBytes];
        if (_start > 0 || target != _buffer)
        {
            _buffer.AsSpan(_start, used).CopyTo(target);
            (_buffer, _start, _end) = (target, 0, used);
        }
    }
}
