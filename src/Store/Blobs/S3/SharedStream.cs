namespace Actors.Store.Blobs.S3;

/// <summary>Lets several readers read a seekable stream, each from its own place. The stream belongs to the caller.</summary>
internal sealed class SharedStream(Stream stream) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    public async ValueTask<int> ReadAsync(long position, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            stream.Position = position;
            return await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The SDK hashes what it signs without awaiting.</summary>
    public int Read(long position, Span<byte> buffer)
    {
        _turn.Wait();
        try
        {
            stream.Position = position;
            return stream.Read(buffer);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
