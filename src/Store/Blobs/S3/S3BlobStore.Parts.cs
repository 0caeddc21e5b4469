using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace Actors.Store.Blobs.S3;

public sealed partial class S3BlobStore
{
    /// <summary>
    /// A multipart upload. Not every service looks at If-None-Match when it completes one, so what is there is asked before the bytes go up
    /// and after: a blob that came in between may be replaced there, which is harmless where names come from content.
    /// </summary>
    private async Task<bool> PutInPartsAsync(BlobKey key, SharedStream shared, long start, long length, BlobPutOptions options, CancellationToken cancellationToken)
    {
        if (options.OnlyIfAbsent && await FindAsync(key, cancellationToken).ConfigureAwait(false) is not null)
        {
            return false;
        }

        string mark = NewMark();
        string upload = await BeginAsync(key, mark, options, cancellationToken).ConfigureAwait(false);
        try
        {
            List<PartETag> parts = await SendPartsAsync(key, upload, shared, start, length, cancellationToken).ConfigureAwait(false);
            return await CompleteAsync(key, upload, parts, mark, length, options, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await TryAbortAsync(NameOf(key), upload).ConfigureAwait(false);
            throw;
        }
    }

    private Task<string> BeginAsync(BlobKey key, string mark, BlobPutOptions options, CancellationToken cancellationToken)
    {
        InitiateMultipartUploadRequest request = new() { BucketName = _place.Bucket, Key = NameOf(key), ContentType = options.ContentType };
        request.Metadata.Add(MarkName, mark);
        if (_settings.Encryption is { } method)
        {
            request.ServerSideEncryptionMethod = ServerSideEncryptionMethod.FindValue(method);
            request.ServerSideEncryptionKeyManagementServiceKeyId = _settings.EncryptionKeyId;
        }

        return _calls.RunAsync("begin upload of", key.ToString(), _settings.AnswerTimeMax,
            async token => (await _client.InitiateMultipartUploadAsync(request, token).ConfigureAwait(false)).UploadId, cancellationToken);
    }

    private async Task<List<PartETag>> SendPartsAsync(BlobKey key, string upload, SharedStream shared, long start, long length, CancellationToken cancellationToken)
    {
        long partBytes = Math.Max(_settings.PartBytes, (length + Limits.UploadPartsMax - 1) / Limits.UploadPartsMax);
        PartETag[] parts = new PartETag[(int)((length + partBytes - 1) / partBytes)];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = _settings.PartsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, parts.Length, parallel, async (i, token) =>
        {
            long offset = i * partBytes;
            parts[i] = await SendPartAsync(key, upload, i + 1, shared, start + offset, Math.Min(partBytes, length - offset), token).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return [.. parts];
    }

    private async Task<PartETag> SendPartAsync(BlobKey key, string upload, int number, SharedStream shared, long start, long length, CancellationToken cancellationToken)
    {
        byte[] md5 = await DigestAsync(shared, start, length, cancellationToken).ConfigureAwait(false);
        return await _calls.RunAsync($"PUT part {number} of", key.ToString(), _calls.TimeFor(length), async token =>
        {
            UploadPartResponse response = await _client.UploadPartAsync(new UploadPartRequest
            {
                BucketName = _place.Bucket,
                Key = NameOf(key),
                UploadId = upload,
                PartNumber = number,
                PartSize = length,
                InputStream = new StreamSlice(shared, start, length),
                MD5Digest = Convert.ToBase64String(md5),
                UseChunkEncoding = false,
                DisablePayloadSigning = IsEncrypted,
            }, token).ConfigureAwait(false);
            CheckETag(response.ETag, response.ServerSideEncryptionMethod, md5);
            return new PartETag(number, response.ETag);
        }, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> CompleteAsync(BlobKey key, string upload, List<PartETag> parts, string mark, long length, BlobPutOptions options, CancellationToken cancellationToken)
    {
        bool mayBeDone = false;
        bool isDone = await _calls.RunAsync("complete upload of", key.ToString(), _calls.TimeFor(length), async token =>
        {
            try
            {
                await _client.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest
                {
                    BucketName = _place.Bucket,
                    Key = NameOf(key),
                    UploadId = upload,
                    PartETags = parts,
                    IfNoneMatch = options.OnlyIfAbsent ? "*" : null,
                }, token).ConfigureAwait(false);
                return true;
            }
            catch (AmazonS3Exception e) when (options.OnlyIfAbsent && e.StatusCode == HttpStatusCode.PreconditionFailed)
            {
                return false;
            }
            catch (AmazonS3Exception e) when (mayBeDone && e.ErrorCode == "NoSuchUpload")
            {
                // Our first attempt was heard after all; what is there is looked at below.
                return true;
            }
            catch (Exception e) when (S3Failures.MayHaveBeenDone(e))
            {
                mayBeDone = true;
                throw;
            }
        }, cancellationToken).ConfigureAwait(false);
        bool isOurs = await LookAsync(key, mark, length, options, isDone, cancellationToken).ConfigureAwait(false);
        if (!isDone && !isOurs)
        {
            await TryAbortAsync(NameOf(key), upload).ConfigureAwait(false);
        }

        return isOurs;
    }

    /// <summary>What is there after an upload: ours; another's; neither is a failure.</summary>
    private Task<bool> LookAsync(BlobKey key, string mark, long length, BlobPutOptions options, bool isDone, CancellationToken cancellationToken) =>
        _calls.RunAsync("HEAD", key.ToString(), _settings.AnswerTimeMax, async token =>
        {
            GetObjectMetadataResponse head = await HeadAsync(key, token).ConfigureAwait(false)
                ?? throw new BlobStoreException("the upload was completed and is not there", isTransient: false);
            if (head.Metadata[MarkName] == mark)
            {
                return head.ContentLength == length ? true : throw new BlobStoreException($"{head.ContentLength} bytes are there, {length} were sent", isTransient: false);
            }

            // One that may be replaced may have been, by a later writer.
            return isDone && !options.OnlyIfAbsent;
        }, cancellationToken);

    private Task<bool> AbortAsync(string name, string upload, CancellationToken cancellationToken) =>
        _calls.RunAsync("abort upload of", name, _settings.AnswerTimeMax, async token =>
        {
            try
            {
                await _client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = _place.Bucket, Key = name, UploadId = upload }, token).ConfigureAwait(false);
            }
            catch (AmazonS3Exception e) when (e.ErrorCode == "NoSuchUpload")
            {
                // Completed, or aborted by another.
            }

            return true;
        }, cancellationToken);

    /// <summary>Gives the parts' room back where that is possible; else <see cref="AbortUploadsAsync"/> does some day.</summary>
    private async Task TryAbortAsync(string name, string upload)
    {
        using CancellationTokenSource soon = new(_settings.AnswerTimeMax, _settings.Clock);
        try
        {
            await AbortAsync(name, upload, soon.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is BlobStoreException or OperationCanceledException)
        {
            // The failure that led here is told, not this one.
        }
    }
}
