using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Actors.Store.Blobs;

/// <summary>Blobs in memory, for tests and simulations: what it holds ends with it.</summary>
public sealed class MemoryBlobStore(TimeProvider clock) : IBlobStore
{
    private readonly Lock _gate = new();
    private ImmutableSortedDictionary<string, MemoryBlob> _blobs = ImmutableSortedDictionary.Create<string, MemoryBlob>(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Location => "memory";

    /// <inheritdoc/>
    public async Task<bool> PutAsync(BlobKey key, Stream content, BlobPutOptions options, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[content.Length - content.Position];
        await content.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            if (options.OnlyIfAbsent && _blobs.ContainsKey(key.ToString()))
            {
                return false;
            }

            _blobs = _blobs.SetItem(key.ToString(), new MemoryBlob(bytes, clock.GetUtcNow()));
            return true;
        }
    }

    /// <inheritdoc/>
    public Task<BlobProperties?> FindAsync(BlobKey key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        MemoryBlob? blob = _blobs.GetValueOrDefault(key.ToString());
        return Task.FromResult(blob is null ? (BlobProperties?)null : new BlobProperties(key, blob.Bytes.Length, blob.WrittenAt));
    }

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(BlobKey key, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        cancellationToken.ThrowIfCancellationRequested();
        if (_blobs.GetValueOrDefault(key.ToString()) is not { } blob)
        {
            return ValueTask.FromResult(-1);
        }

        int start = (int)Math.Min(offset, blob.Bytes.Length);
        int length = Math.Min(buffer.Length, blob.Bytes.Length - start);
        blob.Bytes.AsSpan(start, length).CopyTo(buffer.Span);
        return ValueTask.FromResult(length);
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenAsync(BlobKey key, long offset, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        cancellationToken.ThrowIfCancellationRequested();
        if (_blobs.GetValueOrDefault(key.ToString()) is not { } blob)
        {
            return Task.FromResult<Stream?>(null);
        }

        int start = (int)Math.Min(offset, blob.Bytes.Length);
        return Task.FromResult<Stream?>(new MemoryStream(blob.Bytes, start, blob.Bytes.Length - start, writable: false));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobProperties> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach ((string key, MemoryBlob blob) in _blobs)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (key.StartsWith(prefix, StringComparison.Ordinal))
            {
                yield return new BlobProperties(BlobKey.Parse(key), blob.Bytes.Length, blob.WrittenAt);
            }
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(IReadOnlyList<BlobKey> keys, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            _blobs = _blobs.RemoveRange(keys.Select(key => key.ToString()));
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<int> AbortUploadsAsync(DateTimeOffset begunBefore, CancellationToken cancellationToken) => Task.FromResult(0);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
