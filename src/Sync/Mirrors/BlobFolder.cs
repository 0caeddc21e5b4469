using System.Runtime.CompilerServices;
using Actors.Store.Blobs;

namespace Actors.Sync.Mirrors;

/// <summary>The blobs of another store below a prefix. Its disposal is the other's.</summary>
/// <param name="whole">The store.</param>
/// <param name="prefix">Ends with a slash.</param>
internal sealed class BlobFolder(IBlobStore whole, string prefix) : IBlobStore
{
    public string Location => $"{whole.Location}/{prefix.TrimEnd('/')}";

    public Task<bool> PutAsync(BlobKey key, Stream content, BlobPutOptions options, CancellationToken cancellationToken) =>
        whole.PutAsync(Below(key), content, options, cancellationToken);

    public async Task<BlobProperties?> FindAsync(BlobKey key, CancellationToken cancellationToken) =>
        await whole.FindAsync(Below(key), cancellationToken).ConfigureAwait(false) is { } found ? found with { Key = key } : null;

    public ValueTask<int> ReadAsync(BlobKey key, long offset, Memory<byte> buffer, CancellationToken cancellationToken) =>
        whole.ReadAsync(Below(key), offset, buffer, cancellationToken);

    public Task<Stream?> OpenAsync(BlobKey key, long offset, CancellationToken cancellationToken) =>
        whole.OpenAsync(Below(key), offset, cancellationToken);

    public async IAsyncEnumerable<BlobProperties> ListAsync(string start, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (BlobProperties blob in whole.ListAsync(prefix + start, cancellationToken).ConfigureAwait(false))
        {
            yield return blob with { Key = BlobKey.Parse(blob.Key.ToString()[prefix.Length..]) };
        }
    }

    public Task DeleteAsync(IReadOnlyList<BlobKey> keys, CancellationToken cancellationToken) =>
        whole.DeleteAsync([.. keys.Select(Below)], cancellationToken);

    /// <summary>Only a whole store knows its uploads.</summary>
    public Task<int> AbortUploadsAsync(DateTimeOffset begunBefore, CancellationToken cancellationToken) => Task.FromResult(0);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private BlobKey Below(BlobKey key) => BlobKey.Parse(prefix + key);
}
