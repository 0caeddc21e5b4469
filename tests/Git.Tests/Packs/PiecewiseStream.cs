namespace Actors.Git.Tests.Packs;

/// <summary>Gives bytes in pieces of a size, as networks do, then ends or fails.</summary>
internal sealed class PiecewiseStream(byte[] bytes, int piece, Exception? failure = null) : MemoryStream(bytes)
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        int read = Read(buffer.Span[..Math.Min(piece, buffer.Length)]);
        return read == 0 && failure is not null ? throw failure : read;
    }
}
