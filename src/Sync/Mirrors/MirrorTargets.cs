using System.Collections.Concurrent;
using Actors.Store.Blobs;

namespace Actors.Sync.Mirrors;

/// <summary>
/// Opens targets as people write them: a directory, or <c>s3://bucket/prefix</c> with what a <see cref="BlobAddress"/> takes after a
/// question mark. Mirrors of one bucket share its connections.
/// </summary>
/// <param name="openBucket">Opens a bucket by its address without a prefix.</param>
public sealed class MirrorTargets(Func<BlobAddress, IBlobStore> openBucket) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<IBlobStore>> _buckets = new(StringComparer.Ordinal);

    /// <summary>Why a text is no target, or null.</summary>
    public static string? Refuse(string target) => !BlobAddress.TryParse(target, out BlobAddress? address, out string? reason) ? reason
        : address.IsBucket && PrefixOf(address).Length == 0 ? "A mirror does not take a whole bucket: write s3://BUCKET/PREFIX."
        : null;

    /// <summary>Opens a target. Disposing of what is returned closes no bucket.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    /// <exception cref="BlobStoreException">It cannot be opened.</exception>
    public IBlobStore Open(string target)
    {
        var address = BlobAddress.Parse(target);
        if (!address.IsBucket)
        {
            return address.Open();
        }

        string prefix = PrefixOf(address);
        int question = target.IndexOf('?', StringComparison.Ordinal);
        string bucket = address.ToString()[..^(prefix.Length + 1)] + (question < 0 ? "" : target[question..]);
        return new BlobFolder(_buckets.GetOrAdd(bucket, text => new Lazy<IBlobStore>(() => openBucket(BlobAddress.Parse(text)))).Value, prefix + "/");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (Lazy<IBlobStore> bucket in _buckets.Values.Where(bucket => bucket.IsValueCreated))
        {
            await bucket.Value.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Of <c>s3://bucket/prefix</c>; empty where there is none.</summary>
    private static string PrefixOf(BlobAddress address)
    {
        string rest = address.ToString()["s3://".Length..];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? "" : rest[(slash + 1)..];
    }
}
