using Actors.Store.Blobs;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Actors.Web.Lfs;

public sealed partial class LfsGateway
{
    private const int CopyBytes = 128 << 10;

    /// <summary>A file of a mirror, or one range of it (RFC 9110, 14.2); other ranges are answered with the whole.</summary>
    private async Task SendFileAsync(HttpContext context, MirrorPath path)
    {
        CancellationToken token = context.RequestAborted;
        (BlobKey key, BlobProperties? found) = await FindFileAsync(path, token).ConfigureAwait(false);
        if (found is not { } blob)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "There is no such file.").ConfigureAwait(false);
            return;
        }

        HttpResponse response = context.Response;
        response.Headers.AcceptRanges = "bytes";
        // What is named by its content never changes; what names it does with each sync.
        response.Headers.CacheControl = path.File.StartsWith("objects/pack/", StringComparison.Ordinal) || path.File.StartsWith("lfs/", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
        response.ContentType = path.File is "HEAD" or "info/refs" or "objects/info/packs" ? "text/plain; charset=utf-8" : "application/octet-stream";
        (long offset, long length) = RangeOf(context.Request, blob.Length) ?? (0, blob.Length);
        if (offset >= blob.Length && offset > 0)
        {
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            response.Headers.ContentRange = $"bytes */{blob.Length}";
            return;
        }

        if (length != blob.Length)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {offset}-{offset + length - 1}/{blob.Length}";
        }

        response.ContentLength = length;
        if (!HttpMethods.IsHead(context.Request.Method) && length > 0)
        {
            await CopyAsync(key, offset, length, response.Body, token).ConfigureAwait(false);
        }
    }

    private async Task CopyAsync(BlobKey key, long offset, long length, Stream destination, CancellationToken token)
    {
        Stream stream = await _options.Blobs.OpenAsync(key, offset, token).ConfigureAwait(false) ?? throw new FileNotFoundException("It was removed meanwhile.");
        await using (stream.ConfigureAwait(false))
        {
            byte[] buffer = new byte[(int)Math.Min(length, CopyBytes)];
            while (length > 0)
            {
                int read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(length, buffer.Length)), token).ConfigureAwait(false);
                if (read == 0)
                {
                    throw new EndOfStreamException("The blob is shorter than it was.");
                }

                await destination.WriteAsync(buffer.AsMemory(0, read), token).ConfigureAwait(false);
                length -= read;
            }
        }
    }

    private async ValueTask<(BlobKey Key, BlobProperties? Found)> FindFileAsync(MirrorPath path, CancellationToken token)
    {
        foreach (string mirror in path.Candidates())
        {
            if (MirrorPath.TryKey(mirror, path.File, out BlobKey key) && await _options.Blobs.FindAsync(key, token).ConfigureAwait(false) is { } found)
            {
                return (key, found);
            }
        }

        return (default, null);
    }

    private static (long Offset, long Length)? RangeOf(HttpRequest request, long length)
    {
        if (!RangeHeaderValue.TryParse(request.Headers.Range.ToString(), out RangeHeaderValue? range) || range.Unit != "bytes" || range.Ranges.Count != 1)
        {
            return null;
        }

        RangeItemHeaderValue only = range.Ranges.Single();
        return only switch
        {
            { From: { } from } => (from, Math.Max(0, Math.Min(only.To ?? long.MaxValue - 1, length - 1) - from + 1)),
            { To: { } last } => (Math.Max(0, length - last), Math.Min(last, length)),
            _ => null,
        };
    }
}
