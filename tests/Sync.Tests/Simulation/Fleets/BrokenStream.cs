namespace Actors.Sync.Tests.Simulation.Fleets;

/// <summary>Some bytes, and then the connection is gone.</summary>
internal sealed class BrokenStream(byte[] bytes) : MemoryStream(bytes)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Position == Length ? throw new IOException("the connection is gone") : base.ReadAsync(buffer, cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => Position == Length ? throw new IOException("the connection is gone") : base.Read(buffer, offset, count);
}
