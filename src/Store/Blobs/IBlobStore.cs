namespace Actors.Store.Blobs;

/// <summary>
/// Named byte sequences, each written whole: a bucket of an S3-compatible service, a directory, or memory. A reader sees a blob whole or
/// not at all. Safe for concurrent calls. What a completed write wrote is durable and seen by every later read, from any process.
/// </summary>
public interface IBlobStore : IAsyncDisposable
{
    /// <summary>Where this store is, for people and logs: never with credentials in it.</summary>
    string Location { get; }

    /// <summary>Writes one blob. Writing the same again is harmless; an interrupted write leaves no blob, or the whole one.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="content">Seekable, at its beginning: it may be read more than once (a retry, a checksum).</param>
    /// <param name="options">Whether it may replace another, and what is said of it.</param>
    /// <param name="cancellationToken">Ends the write.</param>
    /// <returns>False: <see cref="BlobPutOptions.OnlyIfAbsent"/> was asked and a blob of that name is there already, unchanged.</returns>
    /// <exception cref="BlobStoreException">Refused or not reachable, after retries.</exception>
    Task<bool> PutAsync(BlobKey key, Stream content, BlobPutOptions options, CancellationToken cancellationToken);

    /// <summary>What is known of a blob without reading it; null where there is none.</summary>
    Task<BlobProperties?> FindAsync(BlobKey key, CancellationToken cancellationToken);

    /// <summary>Fills the buffer from a place in the blob on; fewer bytes only at the blob's end.</summary>
    /// <returns>Bytes read; -1 where there is no such blob.</returns>
    /// <exception cref="BlobStoreException">Refused or not reachable, after retries.</exception>
    ValueTask<int> ReadAsync(BlobKey key, long offset, Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>The blob as a stream from a place on, null where there is none. The stream goes on by itself after a lost connection.</summary>
    Task<Stream?> OpenAsync(BlobKey key, long offset, CancellationToken cancellationToken);

    /// <summary>All blobs whose key begins with the text, in order of key; what is added or removed meanwhile may be missed.</summary>
    IAsyncEnumerable<BlobProperties> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Removes blobs; one that is not there is no error.</summary>
    Task DeleteAsync(IReadOnlyList<BlobKey> keys, CancellationToken cancellationToken);

    /// <summary>Ends uploads that were begun before a time and never completed.</summary>
    /// <returns>How many.</returns>
    Task<int> AbortUploadsAsync(DateTimeOffset begunBefore, CancellationToken cancellationToken);
}
