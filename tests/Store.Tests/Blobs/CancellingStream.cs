namespace Actors.Store.Tests.Blobs;

/// <summary>Cancels when it was read so far.</summary>
internal sealed class CancellingStream(byte[] bytes, long cancelAt, CancellationTokenSource source) : MemoryStream(bytes)
{
    public override int Read(Span<byte> buffer) => Look(base.Read(buffer[..Math.Min(buffer.Length, 10_000)]));

    public override int Read(byte[] buffer, int offset, int count) => Look(base.Read(buffer, offset, Math.Min(count, 10_000)));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Look(await base.ReadAsync(buffer[..Math.Min(buffer.Length, 10_000)], cancellationToken));
    }

    private int Look(int read)
    {
        if (Position >= cancelAt)
        {
            source.Cancel();
        }

        return read;
    }
}
