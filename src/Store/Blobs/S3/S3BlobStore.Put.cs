using System.Net;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;

namespace Actors.Store.Blobs.S3;

public sealed partial class S3BlobStore
{
    // Metadata of each blob: which upload wrote it. Tells our own success, whose answer was lost, from another's.
    private const string MarkName = "actors-upload";
    private const int MarkBytes = 16;

    /// <inheritdoc/>
    public async Task<bool> PutAsync(BlobKey key, Stream content, BlobPutOptions options, CancellationToken cancellationToken)
    {
        long start = content.Position;
        long length = content.Length - start;
        using SharedStream shared = new(content);
        if (length > _settings.SinglePutBytesMax)
        {
            return await PutInPartsAsync(key, shared, start, length, options, cancellationToken).ConfigureAwait(false);
        }

        byte[] md5 = await DigestAsync(shared, start, length, cancellationToken).ConfigureAwait(false);
        string mark = NewMark();
        bool mayBeDone = false;
        return await _calls.RunAsync("PUT", key.ToString(), _calls.TimeFor(length), async token =>
        {
            try
            {
                StreamSlice slice = new(shared, start, length);
                PutObjectResponse response = await _client.PutObjectAsync(PutRequest(key, slice, md5, mark, options), token).ConfigureAwait(false);
                CheckETag(response.ETag, response.ServerSideEncryptionMethod, md5);
                return true;
            }
            catch (AmazonS3Exception e) when (options.OnlyIfAbsent && e.StatusCode == HttpStatusCode.PreconditionFailed)
            {
                return mayBeDone && await IsOursAsync(key, mark, length, token).ConfigureAwait(false);
            }
            catch (Exception e) when (S3Failures.MayHaveBeenDone(e))
            {
                mayBeDone = true;
                throw;
            }
        }, cancellationToken).ConfigureAwait(false);
    }

    private PutObjectRequest PutRequest(BlobKey key, Stream slice, byte[] md5, string mark, BlobPutOptions options)
    {
        PutObjectRequest request = new()
        {
            BucketName = _place.Bucket,
            Key = NameOf(key),
            InputStream = slice,
            AutoCloseStream = false,
            AutoResetStreamPosition = false,
            ContentType = options.ContentType,
            MD5Digest = Convert.ToBase64String(md5),
            // Chunks of a body that are signed one by one are another thing that few services but Amazon's take.
            UseChunkEncoding = false,
            DisablePayloadSigning = IsEncrypted,
            IfNoneMatch = options.OnlyIfAbsent ? "*" : null,
        };
        request.Metadata.Add(MarkName, mark);
        if (_settings.Encryption is { } method)
        {
            request.ServerSideEncryptionMethod = ServerSideEncryptionMethod.FindValue(method);
            request.ServerSideEncryptionKeyManagementServiceKeyId = _settings.EncryptionKeyId;
        }

        return request;
    }

    /// <summary>Whether TLS keeps the bytes whole on their way: then they need not be signed beside.</summary>
    private bool IsEncrypted => _client.Config.ServiceURL is not { } url || url.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    private async Task<bool> IsOursAsync(BlobKey key, string mark, long length, CancellationToken token) =>
        await HeadAsync(key, token).ConfigureAwait(false) is { } head && head.Metadata[MarkName] == mark && head.ContentLength == length;

    /// <summary>An ETag of the service's own making is the MD5, unless a key service encrypts ("Common response headers").</summary>
    private void CheckETag(string? etag, ServerSideEncryptionMethod? encryption, byte[] md5)
    {
        bool isDigest = _settings.Encryption is null or "AES256" && (encryption is null || encryption.Value is "" or "AES256");
        string? text = etag?.Trim('"');
        if (isDigest && text is { Length: 32 } && !text.Equals(Convert.ToHexString(md5), StringComparison.OrdinalIgnoreCase))
        {
            throw new BlobStoreException("other bytes arrived than were sent", isTransient: true);
        }
    }

    private static string NewMark() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(MarkBytes));

    private static async Task<byte[]> DigestAsync(SharedStream shared, long start, long length, CancellationToken cancellationToken)
    {
#pragma warning disable CA5351 // S3 asks for MD5 (Content-MD5); nothing rests on its strength.
        StreamSlice slice = new(shared, start, length);
        return await MD5.HashDataAsync(slice, cancellationToken).ConfigureAwait(false);
#pragma warning restore CA5351
    }
}
