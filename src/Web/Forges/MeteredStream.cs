using Microsoft.AspNetCore.Http;

namespace Actors.Web.Forges;

/// <summary>An answer's body: flushes what it is given, counts it, and spoils it or ends it early where asked.</summary>
internal sealed class MeteredStream(HttpResponse response, long? cutAfterBytes, TimeProvider time, params ForgeTally[] tallies) : Stream
{
    private long _sent;

    /// <summary>What happens in it from now on; null: nothing.</summary>
    public AnswerSpoiling? Spoiling { get; set; }

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
        buffer = Bend(buffer);
        long? end = Spoiling is { Damage: AnswerDamage.Stall or AnswerDamage.Reset, AtByte: var at } ? Math.Min(at, cutAfterBytes ?? at) : cutAfterBytes;
        long room = end is { } limit ? Math.Max(0, limit - _sent) : long.MaxValue;
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
            if (Spoiling is { Damage: AnswerDamage.Stall })
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken).ConfigureAwait(false);
            }

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

    private ReadOnlyMemory<byte> Bend(ReadOnlyMemory<byte> buffer)
    {
        if (Spoiling is not { Damage: AnswerDamage.Bend, AtByte: var at } || at < _sent || at >= _sent + buffer.Length)
        {
            return buffer;
        }

        byte[] bent = buffer.ToArray();
        bent[at - _sent] ^= 0x10;
        return bent;
    }
}
