using Amazon.S3;
using Amazon.S3.Model;

namespace Actors.Store.Blobs.S3;

/// <summary>
/// A blob from a place on. A lost connection is followed by a request for the rest; its answer must be of the same blob, by ETag. (The
/// answer is compared, not If-Match sent: services disagree about its quotes.)
/// </summary>
internal sealed class S3ReadStream(AmazonS3Client client, S3Calls calls, TimeSpan answerTimeMax, GetObjectRequest request, BlobKey key, long offset, S3Body first) : Stream
{
    private readonly string? _etag = first.ETag;
    private readonly long _length = first.Left;
    private S3Body? _body = first;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position == _length || buffer.Length == 0)
        {
            return 0;
        }

        int read = await calls.RunAsync("GET", key.ToString(), answerTimeMax, token => ReadOnceAsync(buffer, token), cancellationToken).ConfigureAwait(false);
        _position += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // For those few callers that know no other way; none of ours is one.
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        _body?.Dispose();
        _body = null;
        base.Dispose(disposing);
    }

    private async Task<int> ReadOnceAsync(Memory<byte> buffer, CancellationToken token)
    {
        try
        {
            _body ??= await ReopenAsync(token).ConfigureAwait(false);
            return await _body.ReadAsync(buffer, token).ConfigureAwait(false);
        }
        catch
        {
            _body?.Dispose();
            _body = null;
            throw;
        }
    }

    private async Task<S3Body> ReopenAsync(CancellationToken token)
    {
        S3Body? body = await S3Body.OpenAsync(client, request, offset + _position, offset + _length, token).ConfigureAwait(false);
        if (body is null || body.ETag != _etag || body.Left != _length - _position)
        {
            body?.Dispose();
            throw new BlobStoreException("it was replaced or removed while it was read", isTransient: false);
        }

        return body;
    }
}
