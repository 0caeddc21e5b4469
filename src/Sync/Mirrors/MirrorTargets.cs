using System.Collections.Concurrent;
using Actors.Store.Blobs;

namespace Actors.Sync.Mirrors;

/// <summary>Opens targets as people write them: <c>s3://bucket/prefix</c>, or a directory. Mirrors of one bucket share its connections.</summary>
/// <param name="openBucket">Opens a bucket by its name.</param>
public sealed class MirrorTargets(Func<string, IBlobStore> openBucket) : IAsyncDisposable
{
    private const string S3Scheme = "s3://";
    private readonly ConcurrentDictionary<string, Lazy<IBlobStore>> _buckets = new(StringComparer.Ordinal);

    /// <summary>Why a text is no target, or null.</summary>
    public static string? Refuse(string target)
    {
        if (!target.StartsWith(S3Scheme, StringComparison.Ordinal))
        {
            return target.Contains("://", StringComparison.Ordinal) ? "a target is s3://bucket/prefix or a directory" : null;
        }

        (string bucket, string prefix) = Split(target);
        return bucket.Length == 0 || bucket.Contains('@', StringComparison.Ordinal) ? "it names no bucket: write s3://bucket/prefix"
            : prefix.Length == 0 ? "it names no prefix: a mirror does not take a whole bucket; write s3://bucket/prefix"
            : BlobKey.TryParse(prefix, out _) ? null
            : "its prefix has other characters than letters, digits and . _ - + between single slashes";
    }

    /// <summary>Opens a target. Disposing of what is returned closes no bucket.</summary>
    /// <exception cref="BlobStoreException">It cannot be opened.</exception>
    public IBlobStore Open(string target)
    {
        if (!target.StartsWith(S3Scheme, StringComparison.Ordinal))
        {
            return new DirectoryBlobStore(target);
        }

        (string bucket, string prefix) = Split(target);
        return new BlobFolder(_buckets.GetOrAdd(bucket, name => new Lazy<IBlobStore>(() => openBucket(name))).Value, prefix + "/");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (Lazy<IBlobStore> bucket in _buckets.Values.Where(bucket => bucket.IsValueCreated))
        {
            await bucket.Value.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static (string Bucket, string Prefix) Split(string target)
    {
        string rest = target[S3Scheme.Length..].TrimEnd('/');
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (rest, "") : (rest[..slash], rest[(slash + 1)..]);
    }
}
