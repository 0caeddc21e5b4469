using System.Buffers;
using System.IO.Compression;
using System.Net;
using System.Net.Http;
using Actors.Git.Remotes;
using Actors.Git.Transport;
using Actors.Loaders.Objects;

namespace Actors.Loaders.Downloads;

/// <summary>
/// GETs from registries and their file hosts. What a failure means, how hosts are connected to and how time is bounded is what
/// git's transport says too. One for a process.
/// </summary>
public sealed class RegistryClient : IDisposable
{
    /// <summary>Most answers have tens of kilobytes; one that lies about a gigabyte gets these.</summary>
    private const int FirstBytesMin = 32 << 10;
    private const int FirstBytesMax = 4 << 20;

    private readonly RegistryClientOptions _options;
    private readonly HttpMessageInvoker _invoker;
    private readonly DeadlinePool _deadlines;
    private long _requests;

    public RegistryClient(RegistryClientOptions options)
    {
        _options = options;
        _deadlines = new DeadlinePool(options.Clock);
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = options.ConnectTimeMax,
            MaxConnectionsPerServer = options.ConnectionsPerHostMax,
            PooledConnectionLifetime = TimeSpan.FromMinutes(15),
        };
        if (options.AddressGuard is { } guard)
        {
            GuardedConnect connect = new(guard);
            handler.ConnectCallback = connect.ConnectAsync;
        }

        _invoker = new HttpMessageInvoker(handler);
    }

    /// <summary>Requests sent so far.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    public void Dispose() => _invoker.Dispose();

    /// <summary>A registry's answer, whole. Tried again by the rule of <see cref="OpenAsync"/>.</summary>
    /// <param name="address">What is asked.</param>
    /// <param name="accept">A media type, or null.</param>
    /// <param name="validator">What it called its last answer, whose bytes are not wanted again; or null.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async Task<RegistryReply> ReadAsync(Uri address, string? accept, string? validator, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            Download download = await SendAsync(HttpMethod.Get, address, accept, validator, identity: false, cancellationToken).ConfigureAwait(false);
            RemoteFailure? failure = download.Failure;
            if (download.IsUnchanged)
            {
                return new RegistryReply(default, null, IsUnchanged: true);
            }

            if (download.Body is { } body)
            {
                await using (body.ConfigureAwait(false))
                {
                    try
                    {
                        (byte[] rented, int length) = await ReadWholeAsync(body, download.Length, cancellationToken).ConfigureAwait(false);
                        return new RegistryReply(rented.AsMemory(0, length), null, download.Validator, Rented: rented);
                    }
                    catch (DownloadException e)
                    {
                        failure = e.Failure;
                    }
                }
            }

            if (!await WaitAsync(failure!, attempt, cancellationToken).ConfigureAwait(false))
            {
                return new RegistryReply(default, failure);
            }
        }
    }

    /// <summary>Opens a file. Connection errors, 429 and 5xx are tried again, with waits that double; what the body does is the reader's to judge.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="permitted">The host whose permit the caller holds: downloads from any other need one of their own.</param>
    /// <param name="unpacks">Unpack what the server says it has packed once more, though it was asked not to: most that say so mean the archive's own gzip.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async Task<Download> OpenAsync(Uri address, ForgeHost permitted, bool unpacks, CancellationToken cancellationToken)
    {
        ForgeHost host = FileHosts.HostOf(Mirrored(address));
        for (int attempt = 1; ; attempt++)
        {
            Download download = _options.FileHosts is { } hosts && host != permitted
                ? await SendPermittedAsync(hosts, host, address, cancellationToken).ConfigureAwait(false)
                : await SendAsync(HttpMethod.Get, address, null, null, identity: true, cancellationToken).ConfigureAwait(false);
            if (download.Failure is null || !await WaitAsync(download.Failure, attempt, cancellationToken).ConfigureAwait(false))
            {
                return unpacks && download is { IsEncoded: true, Body: { } body } ? download with { Body = new GZipStream(body, CompressionMode.Decompress), Length = null } : download;
            }
        }
    }

    /// <summary>What a server says of a file without sending it.</summary>
    internal async Task<Download> AskAsync(Uri address, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            Download download = await SendAsync(HttpMethod.Head, address, null, null, identity: true, cancellationToken).ConfigureAwait(false);
            if (download.Body is not null)
            {
                await download.Body.DisposeAsync().ConfigureAwait(false);
            }

            if (download.Failure is null || !await WaitAsync(download.Failure, attempt, cancellationToken).ConfigureAwait(false))
            {
                return download with { Body = null };
            }
        }
    }

    /// <summary>Waits before another attempt; false: none is worth it.</summary>
    internal async Task<bool> WaitAsync(RemoteFailure failure, int attempt, CancellationToken cancellationToken)
    {
        bool passing = failure.Kind is RemoteFailureKind.Throttled or RemoteFailureKind.ServerError or RemoteFailureKind.CutOff
            or RemoteFailureKind.TimedOut or RemoteFailureKind.Unreachable;
        TimeSpan wait = failure.RetryAfter is { } asked && asked > TimeSpan.Zero ? asked : _options.FirstWait * (1 << Math.Min(attempt - 1, 10));
        if (!passing || attempt >= Limits.AttemptsMax || wait > Limits.WaitMax)
        {
            return false;
        }

        await Task.Delay(wait, _options.Clock, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>One attempt under a permit of the file's host, which its body gives back.</summary>
    private async Task<Download> SendPermittedAsync(FileHosts hosts, ForgeHost host, Uri address, CancellationToken cancellationToken)
    {
        FilePermit permit;
        try
        {
            permit = await hosts.BeginAsync(host, cancellationToken).ConfigureAwait(false);
        }
        catch (DownloadException e)
        {
            return new Download(null, e.Failure);
        }

        Download download;
        try
        {
            download = await SendAsync(HttpMethod.Get, address, null, null, identity: true, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            permit.EndSilently();
            throw;
        }

        if (download.Body is { } body)
        {
            return download with { Body = new PermittedStream(body, permit) };
        }

        permit.EndFailed(download.Failure!);
        return download;
    }

    private async Task<Download> SendAsync(HttpMethod method, Uri address, string? accept, string? validator, bool identity, CancellationToken cancellationToken)
    {
        Uri asked = Mirrored(address);
        for (int redirects = 0; ; redirects++)
        {
            Deadline deadline = _deadlines.Rent(_options.ReadIdleTimeMax, Timeout.InfiniteTimeSpan, cancellationToken);
            bool handedOn = false;
            try
            {
                Interlocked.Increment(ref _requests);
                deadline.Arm();
                HttpResponseMessage response = await _invoker.SendAsync(Build(method, asked, accept, validator, identity), deadline.Token).ConfigureAwait(false);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    handedOn = true;
                    return await OpenedAsync(response, deadline, identity).ConfigureAwait(false);
                }

                using (response)
                {
                    if (response.StatusCode == HttpStatusCode.NotModified && validator is not null)
                    {
                        return new Download(null, null, IsUnchanged: true);
                    }

                    if (NextOf(response, asked) is { } next && redirects < _options.RedirectsMax)
                    {
                        asked = next;
                        continue;
                    }

                    return new Download(null, await HttpRefusal.ExplainAsync(response, _options.Clock, deadline).ConfigureAwait(false));
                }
            }
            catch (Exception e) when (TransportFailures.Explain(e, deadline) is { } failure)
            {
                return new Download(null, failure);
            }
            finally
            {
                if (!handedOn)
                {
                    deadline.Dispose();
                }
            }
        }
    }

    private static async Task<Download> OpenedAsync(HttpResponseMessage response, Deadline deadline, bool identity)
    {
        Stream body = new DownloadStream(response, await response.Content.ReadAsStreamAsync(deadline.Token).ConfigureAwait(false), deadline);
        System.Net.Http.Headers.HttpContentHeaders headers = response.Content.Headers;
        string[] encodings = [.. headers.ContentEncoding.Where(one => one != "identity")];
        Download plain = new(body, null, headers.ContentLength, headers.LastModified, Validator: Validators.Of(response));
        return encodings switch
        {
            [] => plain,
            ["gzip" or "x-gzip"] => identity ? plain with { IsEncoded = true } : plain with { Body = new GZipStream(body, CompressionMode.Decompress), Length = null },
            _ when identity => plain,
            _ => new Download(null, new RemoteFailure(RemoteFailureKind.Malformed, "The answer has a content encoding that was not offered.")),
        };
    }

    private HttpRequestMessage Build(HttpMethod method, Uri address, string? accept, string? validator, bool identity)
    {
        HttpRequestMessage request = new(method, address) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        request.Headers.TryAddWithoutValidation("User-Agent", _options.UserAgent);
        // An archive that is gzip already must not be taken for an encoding of something else.
        request.Headers.TryAddWithoutValidation("Accept-Encoding", identity ? "identity" : "gzip");
        request.Headers.TryAddWithoutValidation("Accept", accept ?? "*/*");
        if (validator is not null)
        {
            request.Headers.TryAddWithoutValidation(Validators.HeaderOf(validator), validator);
        }

        return request;
    }

    private static Uri? NextOf(HttpResponseMessage response, Uri asked) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } location && Uri.TryCreate(asked, location, out Uri? next)
            && (next.Scheme == Uri.UriSchemeHttps || next.Scheme == asked.Scheme)
            ? next
            : null;

    private Uri Mirrored(Uri address)
    {
        string text = address.AbsoluteUri;
        foreach ((string from, string to) in _options.Mirrors)
        {
            if (text.StartsWith(from, StringComparison.Ordinal))
            {
                return new Uri(to + text[from.Length..]);
            }
        }

        return address;
    }

    /// <summary>The whole body, in an array of the pool; memory grows with what comes, and begins with what is announced, as far as that is usual.</summary>
    private static async Task<(byte[] Rented, int Length)> ReadWholeAsync(Stream body, long? announced, CancellationToken cancellationToken)
    {
        byte[] whole = ArrayPool<byte>.Shared.Rent((int)Math.Clamp((announced ?? 0) + 1, FirstBytesMin, FirstBytesMax));
        int length = 0;
        try
        {
            int read;
            while ((read = await body.ReadAsync(whole.AsMemory(length), cancellationToken).ConfigureAwait(false)) > 0)
            {
                length += read;
                if (length > Limits.AnswerBytesMax)
                {
                    throw new DownloadException(new RemoteFailure(RemoteFailureKind.OverLimit, $"The answer is longer than {Limits.AnswerBytesMax} bytes."));
                }

                if (length == whole.Length)
                {
                    byte[] larger = ArrayPool<byte>.Shared.Rent(2 * length);
                    whole.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(whole);
                    whole = larger;
                }
            }
        }
        catch (InvalidDataException e)
        {
            throw new DownloadException(new RemoteFailure(RemoteFailureKind.Malformed, "The answer's gzip encoding is damaged."), e);
        }

        return (whole, length);
    }
}
