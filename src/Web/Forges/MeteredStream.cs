using Microsoft.AspNetCore.Http;

namespace Actors.Web.Forges;

/// <summary>An answer's body: flushes what it is given, counts it, and ends it early where asked.</summary>
internal sealed class MeteredStream(HttpResponse response, long? cutAfterBytes, params ForgeTally[] tallies) : Stream
{
    private long _sent;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _sent;

    public override long Position
    {
        get => _sent;
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        long room = cutAfterBytes is { } limit ? limit - _sent : long.MaxValue;
        bool cut = buffer.Length > room;
        ReadOnlyMemory<byte> part = cut ? buffer[..(int)room] : buffer;
        if (!part.IsEmpty)
        {
            // Written through the body's stream, each write reaches the connection.
            await response.Body.WriteAsync(part, cancellationToken).ConfigureAwait(false);
            _sent += part.Length;
            foreach (ForgeTally tally in tallies)
            {
                tally.CountBytes(part.Length);
            }
        }

        if (cut)
        {
            await response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
            throw new AnswerCutException();
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => response.Body.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException("Answers are written asynchronously.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Answers are written asynchronously.");
}
