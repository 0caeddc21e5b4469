namespace Actors.Loaders.Archives;

/// <summary>A stream that stays open when its reader is disposed.</summary>
internal sealed class Borrowed(Stream inner) : ReadOnlyStream
{
    public override int Read(Span<byte> buffer) => inner.Read(buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);
}
