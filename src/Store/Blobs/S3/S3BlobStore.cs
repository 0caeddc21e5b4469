using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;

namespace Actors.Store.Blobs.S3;

/// <summary>
/// Blobs as objects of a bucket of Amazon S3, or of a service that speaks its protocol. Calls that fail in a way that may pass are made
/// again; a write's bytes carry their MD5 (and over plain HTTP are signed), which the service compares; a stream goes on where it was cut.
/// </summary>
public sealed partial class S3BlobStore : IBlobStore
{
    private readonly S3Settings _settings;
    private readonly S3Location _place;
    private readonly S3Calls _calls;
    private readonly AmazonS3Client _client;

    /// <summary>Nothing is asked of the service yet.</summary>
    /// <exception cref="BlobStoreException">The configuration lacks something, as the region.</exception>
    public S3BlobStore(S3Location location, S3Settings settings)
    {
        (_place, _settings, Location) = (location, settings, location.ToString());
        _client = S3Clients.Create(settings, Location);
        _calls = new S3Calls(settings, Location);
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <inheritdoc/>
    public Task<BlobProperties?> FindAsync(BlobKey key, CancellationToken cancellationToken) =>
        _calls.RunAsync("HEAD", key.ToString(), _settings.AnswerTimeMax, async token =>
            await HeadAsync(key, token).ConfigureAwait(false) is { } head
                ? new BlobProperties(key, head.ContentLength, Time(head.LastModified))
                : (BlobProperties?)null, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(BlobKey key, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (buffer.Length == 0)
        {
            return await FindAsync(key, cancellationToken).ConfigureAwait(false) is null ? -1 : 0;
        }

        int filled = 0;
        string? etag = null;
        return await _calls.RunAsync("GET", key.ToString(), _calls.TimeFor(buffer.Length), async token =>
        {
            using S3Body? body = await S3Body.OpenAsync(_client, RequestOf(key), offset + filled, offset + buffer.Length, token).ConfigureAwait(false);
            if (body is null)
            {
                return -1;
            }

            if (etag is not null && etag != body.ETag)
            {
                // Replaced in between: what was read belongs to another blob.
                (etag, filled) = (null, 0);
                throw new BlobStoreException("replaced while it was read", isTransient: true);
            }

            etag = body.ETag;
            while (body.Left > 0)
            {
                filled += await body.ReadAsync(buffer[filled..], token).ConfigureAwait(false);
            }

            return filled;
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<Stream?> OpenAsync(BlobKey key, long offset, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        S3Body? body = await _calls.RunAsync("GET", key.ToString(), _settings.AnswerTimeMax,
            token => S3Body.OpenAsync(_client, RequestOf(key), offset, long.MaxValue, token), cancellationToken).ConfigureAwait(false);
        return body is null ? null : new S3ReadStream(_client, _calls, _settings.AnswerTimeMax, RequestOf(key), key, offset, body);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobProperties> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? next = null;
        do
        {
            ListObjectsV2Response page = await _calls.RunAsync("LIST", prefix, _settings.AnswerTimeMax, token => _client.ListObjectsV2Async(
                new ListObjectsV2Request { BucketName = _place.Bucket, Prefix = _place.Prefix + prefix, ContinuationToken = next }, token), cancellationToken).ConfigureAwait(false);
            foreach (S3Object found in page.S3Objects ?? [])
            {
                // What others put beside ours under names that no blob has is not ours to see.
                if (BlobKey.TryParse(found.Key[_place.Prefix.Length..], out BlobKey key))
                {
                    yield return new BlobProperties(key, found.Size ?? 0, Time(found.LastModified));
                }
            }

            next = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (next is not null);
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(IReadOnlyList<BlobKey> keys, CancellationToken cancellationToken)
    {
        foreach (BlobKey[] some in keys.Chunk(Limits.DeletedTogetherMax))
        {
            await _calls.RunAsync("DELETE", some.Length == 1 ? some[0].ToString() : $"{some.Length} keys, {some[0]}…", _calls.TimeFor(0), async token =>
            {
                if (some.Length == 1)
                {
                    await _client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = _place.Bucket, Key = NameOf(some[0]) }, token).ConfigureAwait(false);
                    return true;
                }

                DeleteObjectsRequest request = new() { BucketName = _place.Bucket, Quiet = true, Objects = [.. some.Select(key => new KeyVersion { Key = NameOf(key) })] };
                DeleteObjectsResponse response = await _client.DeleteObjectsAsync(request, token).ConfigureAwait(false);
                return response.DeleteErrors is not [DeleteError error, ..] ? true
                    : throw new BlobStoreException($"{error.Key}: {error.Code}", isTransient: error.Code is "InternalError" or "SlowDown" or "ServiceUnavailable");
            }, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<int> AbortUploadsAsync(DateTimeOffset begunBefore, CancellationToken cancellationToken)
    {
        int aborted = 0;
        ListMultipartUploadsRequest request = new() { BucketName = _place.Bucket, Prefix = _place.Prefix };
        while (true)
        {
            ListMultipartUploadsResponse page = await _calls.RunAsync("LIST uploads", _place.Prefix, _settings.AnswerTimeMax,
                token => _client.ListMultipartUploadsAsync(request, token), cancellationToken).ConfigureAwait(false);
            foreach (MultipartUpload upload in page.MultipartUploads ?? [])
            {
                if (Time(upload.Initiated) < begunBefore)
                {
                    await AbortAsync(upload.Key, upload.UploadId, cancellationToken).ConfigureAwait(false);
                    aborted++;
                }
            }

            if (page.IsTruncated != true)
            {
                return aborted;
            }

            (request.KeyMarker, request.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private string NameOf(BlobKey key) => _place.Prefix + key;

    private GetObjectRequest RequestOf(BlobKey key) => new() { BucketName = _place.Bucket, Key = NameOf(key) };

    private async Task<GetObjectMetadataResponse?> HeadAsync(BlobKey key, CancellationToken token)
    {
        try
        {
            return await _client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = _place.Bucket, Key = NameOf(key) }, token).ConfigureAwait(false);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
        {
            return null;
        }
    }

    private static DateTimeOffset Time(DateTime? time) => time is { } known ? new DateTimeOffset(known.ToUniversalTime()) : DateTimeOffset.MinValue;
}
