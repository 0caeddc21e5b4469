using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Actors.Git.Remotes;
using Actors.Git.Transport;
using Actors.Git.Wire;

namespace Actors.Git.Lfs;

public sealed partial class LfsClient
{
    private const int ReadBytes = 128 << 10;

    /// <summary>
    /// Downloads one object. A connection that is lost is followed by a request for the rest, where the server gives ranges.
    /// </summary>
    /// <param name="wanted">What its size and SHA-256 must be.</param>
    /// <param name="download">Where it is.</param>
    /// <param name="destination">Written from where it stands. After a failure it holds some of the bytes, or other bytes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null: all bytes came, and they are right.</returns>
    public async Task<RemoteFailure?> DownloadAsync(LfsObject wanted, LfsAction download, Stream destination, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long length = 0;
        for (int attempt = 1; ; attempt++)
        {
            if (download.ExpiresAt <= _options.Clock.GetUtcNow())
            {
                return Expired;
            }

            long before = length;
            (long more, RemoteFailure? failure) = await DownloadRestAsync(wanted, download, length, hash, destination, cancellationToken).ConfigureAwait(false);
            length += more;
            if (failure is null)
            {
                return LfsOid.FromDigest(hash.GetHashAndReset()) == wanted.Oid ? null : new RemoteFailure(RemoteFailureKind.Malformed, "The LFS object's bytes are not those of its SHA-256.");
            }

            attempt = length > before ? 0 : attempt;
            if (failure.Kind is not (RemoteFailureKind.CutOff or RemoteFailureKind.TimedOut) || attempt >= Limits.LfsAttemptsMax)
            {
                return failure;
            }
        }
    }

    /// <summary>One request, for what comes after the bytes that are here.</summary>
    private async Task<(long Length, RemoteFailure? Failure)> DownloadRestAsync(
        LfsObject wanted, LfsAction download, long here, IncrementalHash hash, Stream destination, CancellationToken cancellationToken)
    {
        using Deadline deadline = _deadlines.Rent(_options.ReadIdleTimeMax, Timeout.InfiniteTimeSpan, cancellationToken);
        long length = 0;
        try
        {
            using HttpResponseMessage response = await SendAsync(download.Address, download.Headers, null, here, deadline).ConfigureAwait(false);
            // A server without ranges sends all again: what is here is passed over.
            long skip = response.StatusCode == HttpStatusCode.PartialContent ? 0 : here;
            Stream body = await HttpReplyBytes.OpenAsync(response, deadline).ConfigureAwait(false);
            byte[] buffer = new byte[(int)Math.Clamp(wanted.Size, 1, ReadBytes)];
            int read;
            while ((read = await deadline.ReadAsync(body, buffer).ConfigureAwait(false)) > 0)
            {
                int passed = (int)Math.Min(skip, read);
                skip -= passed;
                if (here + length + read - passed > wanted.Size)
                {
                    return (length, new RemoteFailure(RemoteFailureKind.Malformed, $"The LFS object has more than its {wanted.Size} bytes."));
                }

                hash.AppendData(buffer, passed, read - passed);
                await WriteAsync(destination, buffer.AsMemory(passed, read - passed), cancellationToken).ConfigureAwait(false);
                length += read - passed;
            }
        }
        catch (Exception e) when (e is not SinkException && TransportFailures.Explain(e, deadline) is { } failure)
        {
            return (length, failure);
        }
        catch (SinkException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerException!);
        }

        return (length, here + length == wanted.Size ? null : new RemoteFailure(RemoteFailureKind.CutOff, $"The LFS object ended after {here + length} of its {wanted.Size} bytes."));
    }

    /// <summary>The caller's disk is not the remote's fault, although both throw the same.</summary>
    private static async ValueTask WriteAsync(Stream destination, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await destination.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new SinkException(e);
        }
    }

    /// <summary>One exchange, redirects followed: a POST of a message, or a GET from a byte on.</summary>
    /// <returns>An answer with status 200, or 206 where bytes from a place on were asked for.</returns>
    /// <exception cref="RemoteFailureException">Any other.</exception>
    private async Task<HttpResponseMessage> SendAsync(
        Uri address, IReadOnlyList<KeyValuePair<string, string>> headers, byte[]? message, long from, Deadline deadline)
    {
        Uri asked = address;
        for (int redirects = 0; ; redirects++)
        {
            using HttpRequestMessage request = Build(asked, IsSameOrigin(asked, address) ? headers : [], message, from);
            Interlocked.Increment(ref _requests);
            deadline.Arm();
            HttpResponseMessage response = await _invoker.SendAsync(request, deadline.Token).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.OK || (from > 0 && response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == from))
            {
                return response;
            }

            using (response)
            {
                if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
                {
                    throw new RemoteFailureException(await HttpRefusal.ExplainAsync(response, _options.Clock, deadline).ConfigureAwait(false));
                }

                asked = Follow(asked, location, redirects, (int)response.StatusCode);
            }
        }
    }

    private Uri Follow(Uri asked, Uri location, int redirects, int status)
    {
        if (redirects >= _options.RedirectsMax)
        {
            throw new RemoteFailureException(new RemoteFailure(RemoteFailureKind.BadRedirect, $"More than {_options.RedirectsMax} redirects.", status));
        }

        return Uri.TryCreate(asked, location, out Uri? next) && LfsBatchCodec.IsAllowed(next, asked)
            ? next
            : throw new RemoteFailureException(new RemoteFailure(RemoteFailureKind.BadRedirect, "A redirect to where we do not go.", status));
    }

    private HttpRequestMessage Build(Uri address, IReadOnlyList<KeyValuePair<string, string>> headers, byte[]? message, long from)
    {
        HttpRequestMessage request = new(message is null ? HttpMethod.Get : HttpMethod.Post, address)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.TryAddWithoutValidation("User-Agent", _options.UserAgent);
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (message is null)
        {
            // Compressed, a range would be one of other bytes.
            request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
            request.Headers.Range = from > 0 ? new RangeHeaderValue(from, null) : null;
            return request;
        }

        request.Headers.TryAddWithoutValidation("Accept", LfsServer.MediaType);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
        request.Content = new ByteArrayContent(message);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", LfsServer.MediaType);
        return request;
    }

    private static bool IsSameOrigin(Uri one, Uri other) => one.Scheme == other.Scheme && one.Port == other.Port && one.Host.Equals(other.Host, StringComparison.OrdinalIgnoreCase);

    private static async Task<byte[]> ReadReplyAsync(HttpResponseMessage response, Deadline deadline)
    {
        Stream body = await HttpReplyBytes.OpenAsync(response, deadline).ConfigureAwait(false);
        MemoryStream reply = new();
        byte[] buffer = new byte[16 << 10];
        int read;
        while ((read = await deadline.ReadAsync(body, buffer).ConfigureAwait(false)) > 0)
        {
            if (reply.Length + read > Limits.LfsReplyBytesMax)
            {
                throw new GitFormatException(GitFormatError.OverLimit, $"The LFS server's reply is longer than {Limits.LfsReplyBytesMax} bytes.");
            }

            reply.Write(buffer, 0, read);
        }

        return reply.ToArray();
    }

    /// <summary>What the caller's stream threw, on its way through what explains the remote's failures.</summary>
    private sealed class SinkException(Exception cause) : Exception(cause.Message, cause);
}
