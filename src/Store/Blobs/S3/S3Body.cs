using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace Actors.Store.Blobs.S3;

/// <summary>The body of one answer to a GET: the bytes of a blob from a place on, counted.</summary>
internal sealed class S3Body : IDisposable
{
    private readonly GetObjectResponse? _response;

    private S3Body(GetObjectResponse? response, long left) => (_response, Left) = (response, left);

    /// <summary>Which blob it is, of those that had the key one after the other.</summary>
    public string? ETag => _response?.ETag;

    /// <summary>Bytes still to come.</summary>
    public long Left { get; private set; }

    /// <summary>Asks for the bytes from one place to before another or the blob's end; null where there is no such blob.</summary>
    public static async Task<S3Body?> OpenAsync(AmazonS3Client client, GetObjectRequest request, long from, long to, CancellationToken token)
    {
        bool isRange = from > 0 || to < long.MaxValue;
        if (isRange)
        {
            request.ByteRange = new ByteRange(from, to - 1);
        }

        GetObjectResponse response;
        try
        {
            response = await client.GetObjectAsync(request, token).ConfigureAwait(false);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
        {
            return null;
        }
        catch (AmazonS3Exception e) when (isRange && e.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // RFC 9110, 15.5.17: the blob ends before.
            return new S3Body(null, 0);
        }

        if (isRange && from > 0 && response.HttpStatusCode != HttpStatusCode.PartialContent)
        {
            response.Dispose();
            throw new BlobStoreException("the service ignores ranges", isTransient: false);
        }

        return new S3Body(response, Math.Min(response.ContentLength, to - from));
    }

    /// <summary>At least one byte, while some are left.</summary>
    /// <exception cref="IOException">The connection ended before the blob's bytes did.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken token)
    {
        int wanted = (int)Math.Min(buffer.Length, Left);
        int read = wanted == 0 ? 0 : await _response!.ResponseStream.ReadAsync(buffer[..wanted], token).ConfigureAwait(false);
        if (read == 0 && wanted > 0)
        {
            throw new EndOfStreamException("the answer ended early");
        }

        Left -= read;
        return read;
    }

    public void Dispose() => _response?.Dispose();
}
