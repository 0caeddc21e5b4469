using System.Collections.Concurrent;
using Actors.Store.Blobs;

namespace Actors.Store.Tests.Blobs;

/// <summary>Remembers ranged reads, and lets a test hold them up or fail them.</summary>
internal sealed class CountingBlobStore(IBlobStore inner) : IBlobStore
{
    public ConcurrentQueue<(string Key, long Offset, int Length)> Reads { get; } = new();

    /// <summary>Awaited by each read after it was counted.</summary>
    public Func<Task> Before { get; set; } = () => Task.CompletedTask;

    public string Location => inner.Location;

    public Task<bool> PutAsync(BlobKey key, Stream content, BlobPutOptions options, CancellationToken cancellationToken) => inner.PutAsync(key, content, options, cancellationToken);

    public Task<BlobProperties?> FindAsync(BlobKey key, CancellationToken cancellationToken) => inner.FindAsync(key, cancellationToken);

    public async ValueTask<int> ReadAsync(BlobKey key, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        Reads.Enqueue((key.ToString(), offset, buffer.Length));
        await Before().WaitAsync(cancellationToken);
        return await inner.ReadAsync(key, offset, buffer, cancellationToken);
    }

    public Task<Stream?> OpenAsync(BlobKey key, long offset, CancellationToken cancellationToken) => inner.OpenAsync(key, offset, cancellationToken);

    public IAsyncEnumerable<BlobProperties> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    public Task DeleteAsync(IReadOnlyList<BlobKey> keys, CancellationToken cancellationToken) => inner.DeleteAsync(keys, cancellationToken);

    public Task<int> AbortUploadsAsync(DateTimeOffset begunBefore, CancellationToken cancellationToken) => inner.AbortUploadsAsync(begunBefore, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
