using System.Text;
using Actors.Git.Remotes;
using Actors.Git.Transport;

namespace Actors.Git.Wire;

/// <summary>
/// The pack inside a response: band 1 of the sideband (gitprotocol-v2, "packfile" section; gitprotocol-pack, "Packfile
/// Data"), or raw bytes from servers without it. Band 2 goes to the progress, band 3 and every other end that is not
/// the flush-pkt is a failure, kept in <see cref="Failure"/> and thrown to the reader.
/// </summary>
internal sealed class PackStream(PktLineReader lines, bool sideband, long bytesMax, IProgress<string>? progress) : Stream
{
    private readonly StringBuilder _progressLine = new();
    private ReadOnlyMemory<byte> _rest;
    private bool _ended;

    /// <summary>Why reading failed, or null.</summary>
    public RemoteFailure? Failure { get; private set; }

    /// <summary>Pack bytes handed out.</summary>
    public long PackBytes { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => PackBytes; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Failure is not null)
        {
            throw new RemoteFailureException(Failure);
        }

        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            int read = sideband ? await ReadBandAsync(buffer).ConfigureAwait(false) : await lines.ReadRawAsync(buffer).ConfigureAwait(false);
            PackBytes += read;
            return PackBytes <= bytesMax
                ? read
                : throw new RemoteFailureException(RemoteFailureKind.OverLimit, $"The pack is longer than {bytesMax} bytes.");
        }
        catch (GitFormatException e)
        {
            Failure = TransportFailures.OfFormat(e);
            throw new RemoteFailureException(Failure, e);
        }
        catch (RemoteFailureException e)
        {
            Failure = e.Failure;
            throw;
        }
    }

    /// <summary>What a receiver left unread: nothing but the end, if it did as it is told.</summary>
    public async ValueTask<long> DrainAsync(CancellationToken cancellationToken)
    {
        byte[] rest = new byte[4096];
        long left = 0;
        int read;
        while ((read = await ReadAsync(rest, cancellationToken).ConfigureAwait(false)) > 0)
        {
            left += read;
        }

        return left;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // The contract of Stream; a receiver that reads synchronously blocks its own thread.
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async ValueTask<int> ReadBandAsync(Memory<byte> buffer)
    {
        while (_rest.IsEmpty)
        {
            if (_ended || buffer.IsEmpty)
            {
                return 0;
            }

            // An error-line would begin with 'E', which is no band; servers do send it inside the sideband's place.
            PktLineKind kind = await lines.ReadExpectedAsync().ConfigureAwait(false);
            if (kind == PktLineKind.Flush)
            {
                _ended = true;
                return 0;
            }

            TakeBand(kind);
        }

        int length = Math.Min(buffer.Length, _rest.Length);
        _rest[..length].CopyTo(buffer);
        _rest = _rest[length..];
        return length;
    }

    private void TakeBand(PktLineKind kind)
    {
        ReadOnlyMemory<byte> payload = lines.Payload;
        if (kind != PktLineKind.Data || payload.IsEmpty)
        {
            throw new GitFormatException(GitFormatError.Response, "A line without band inside the packfile section.");
        }

        switch (payload.Span[0])
        {
            case 1:
                _rest = payload[1..];
                break;
            case 2:
                Report(payload.Span[1..]);
                break;
            case 3:
                throw new RemoteFailureException(RemoteMessage.Classify(payload.Span[1..]));
            default:
                throw new GitFormatException(GitFormatError.Response, $"Band {payload.Span[0]} does not exist.");
        }
    }

    private void Report(ReadOnlySpan<byte> text)
    {
        if (progress is null)
        {
            return;
        }

        foreach (byte b in text)
        {
            if (b is not ((byte)'\r' or (byte)'\n'))
            {
                // Longer than a message may be: the rest of the line is cut.
                _ = _progressLine.Length < Limits.RemoteMessageCharsMax ? _progressLine.Append((char)b) : null;
            }
            else if (_progressLine.Length > 0)
            {
                progress.Report(RemoteMessage.Clean(Encoding.Latin1.GetBytes(_progressLine.ToString())));
                _progressLine.Clear();
            }
        }
    }
}
