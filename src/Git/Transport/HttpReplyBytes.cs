using System.Buffers;
using System.IO.Compression;
using System.Net.Http;
using System.Runtime.CompilerServices;
using Actors.Git.Remotes;
using Actors.Git.Wire;

namespace Actors.Git.Transport;

/// <summary>A reply read whole into a pooled buffer, with room before it for what is hashed together with it.</summary>
internal readonly struct HttpReplyBytes(byte[] buffer, int start, int length) : IDisposable
{
    /// <summary>The reply.</summary>
    public ReadOnlyMemory<byte> Reply => buffer.AsMemory(start, length - start);

    /// <summary>What was put before, and the first <paramref name="bytes"/> of the reply.</summary>
    public ReadOnlySpan<byte> WithPrefix(int bytes) => buffer.AsSpan(0, start + bytes);

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);

    /// <summary>Reads to the end of the body, so that the connection is free again. The bytes are counted as they came over the wire.</summary>
    /// <exception cref="RemoteFailureException">Cut off, too late, too long, or damaged.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<HttpReplyBytes> ReadAsync(HttpResponseMessage response, ReadOnlyMemory<byte> prefix, HttpVisit visit, long bytesMax, Deadline deadline)
    {
        long? announced = response.Content.Headers.ContentLength;
        if (announced > bytesMax)
        {
            throw TooLong(bytesMax);
        }

        bool gzip = IsGzip(response);
        // One byte more than announced, so that the read that finds the end has room.
        byte[] buffer = ArrayPool<byte>.Shared.Rent(prefix.Length + (int)(gzip ? 16384 : announced + 1 ?? 4096));
        try
        {
            prefix.CopyTo(buffer);
            Stream body = await OpenAsync(response, deadline).ConfigureAwait(false);
            int length = prefix.Length;
            int read;
            while ((read = await deadline.ReadAsync(body, buffer.AsMemory(length)).ConfigureAwait(false)) > 0)
            {
                length += read;
                if (length - prefix.Length > bytesMax)
                {
                    throw TooLong(bytesMax);
                }

                if (length == buffer.Length)
                {
                    buffer = Grow(buffer);
                }
            }

            visit.BytesReceived += gzip && announced is { } compressed ? compressed : length - prefix.Length;
            return new HttpReplyBytes(buffer, prefix.Length, length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    /// <summary>The body as a stream, decompressed where the server compressed it.</summary>
    public static async ValueTask<Stream> OpenAsync(HttpResponseMessage response, Deadline deadline)
    {
        Stream body = await response.Content.ReadAsStreamAsync(deadline.Token).ConfigureAwait(false);
        return IsGzip(response) ? new GZipStream(body, CompressionMode.Decompress) : body;
    }

    private static bool IsGzip(HttpResponseMessage response)
    {
        // Not through the typed property: it parses, and this is asked for every probe.
        if (!response.Content.Headers.NonValidated.TryGetValues("Content-Encoding", out System.Net.Http.Headers.HeaderStringValues encoding))
        {
            return false;
        }

        return encoding.ToString() switch
        {
            "gzip" or "x-gzip" => true,
            "identity" or "" => false,
            _ => throw new RemoteFailureException(RemoteFailureKind.Malformed, "The reply has a content encoding that was not offered."),
        };
    }

    private static byte[] Grow(byte[] buffer)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, 2L * buffer.Length));
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static RemoteFailureException TooLong(long bytesMax) => new(RemoteFailureKind.OverLimit, $"The ref advertisement is longer than {bytesMax} bytes.");
}
