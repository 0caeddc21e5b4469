namespace Actors.Store.Blobs;

/// <summary>A cached blob that is not evicted until this is disposed. Of its file only what was ensured is there; the rest reads as zeros.</summary>
internal sealed class BlobLease(BlobCache cache, CachedBlob blob) : IDisposable
{
    private bool _returned;

    /// <summary>The local file, of the blob's whole length.</summary>
    public string Path => blob.Path;

    /// <summary>Bytes of the blob.</summary>
    public long Length => blob.Length;

    /// <summary>What is fetched at least.</summary>
    public long BlockBytes => blob.BlockBytes;

    /// <summary>Whether all of it is there.</summary>
    public bool IsWhole => blob.IsWhole;

    /// <summary>Fetches what is missing of a range. The file has the range's bytes when this returns.</summary>
    /// <exception cref="FileNotFoundException">The blob is not there any more.</exception>
    /// <exception cref="IOException">It cannot be fetched, or the disk is full.</exception>
    public ValueTask EnsureAsync(long offset, long length, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_returned, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + length, Length);
        return cache.EnsureAsync(blob, offset, length, cancellationToken);
    }

    /// <summary>Fetches all that is missing.</summary>
    /// <exception cref="FileNotFoundException">The blob is not there any more.</exception>
    /// <exception cref="IOException">It cannot be fetched, or the disk is full.</exception>
    public ValueTask EnsureAllAsync(CancellationToken cancellationToken) => EnsureAsync(0, Length, cancellationToken);

    public void Dispose()
    {
        if (!_returned)
        {
            _returned = true;
            cache.Return(blob);
        }
    }
}
