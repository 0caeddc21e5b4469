using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using Actors.Git.Remotes;

namespace Actors.Git.Transport;

/// <summary>
/// Smart HTTP's two requests (gitprotocol-http) over pooled connections: HTTP/2 where TLS offers it, else keep-alive.
/// Redirects are followed by hand; no cookies; credentials only over TLS (or to this machine) and to the host that was asked for.
/// </summary>
internal sealed class HttpTransport : IDisposable
{
    private static readonly UriCreationOptions VerbatimUri = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private const string PostTail = "/git-upload-pack";
    private const string GetTail = "/info/refs?service=git-upload-pack";

    private readonly HttpMessageInvoker _invoker;
    private readonly GitClientOptions _options;

    public HttpTransport(GitClientOptions options)
    {
        _options = options;
        _invoker = new HttpMessageInvoker(HttpHandlers.Create(options));
    }

    /// <summary>What bounds and times this transport.</summary>
    public GitClientOptions Options => _options;

    /// <summary><c>POST url/git-upload-pack</c>. A success has status 200, headers read, the body still to come.</summary>
    public ValueTask<HttpAnswer> PostAsync(HttpVisit visit, HttpBody body, Deadline deadline) => SendAsync(visit, PostTail, body, deadline);

    /// <summary><c>GET url/info/refs?service=git-upload-pack</c>, likewise.</summary>
    public ValueTask<HttpAnswer> GetAsync(HttpVisit visit, Deadline deadline) => SendAsync(visit, GetTail, null, deadline);

    public void Dispose() => _invoker.Dispose();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<HttpAnswer> SendAsync(HttpVisit visit, string tail, HttpBody? body, Deadline deadline)
    {
        bool retried = false;
        while (true)
        {
            HostCredential? credential = FindCredential(visit);
            HttpRequestMessage request = Build(visit.Url, tail, body, credential);
            HttpResponseMessage response;
            visit.Requests++;
            deadline.Arm();
            try
            {
                response = await _invoker.SendAsync(request, deadline.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (TransportFailures.Explain(e, deadline) is { } failure)
            {
                // A kept connection may be closed by the server in the moment of our sending. These requests change nothing, so one more try is free.
                if (failure.Kind == RemoteFailureKind.CutOff && !retried)
                {
                    retried = true;
                    continue;
                }

                bool ledAstray = visit.IsRedirected && failure is { Kind: RemoteFailureKind.Forbidden, HttpStatus: null };
                return new HttpAnswer(null, ledAstray ? failure with { Kind = RemoteFailureKind.BadRedirect } : failure);
            }

            visit.RateLimit = RateLimitHeaders.Read(response.Headers, _options.Clock) ?? visit.RateLimit;
            if (response.StatusCode == HttpStatusCode.OK)
            {
                if (credential is not null)
                {
                    _options.Credentials!.Observe(visit.Url.Host, credential, visit.RateLimit, rest: null);
                }

                return new HttpAnswer(response, null);
            }

            using (response)
            {
                RemoteFailure? failure = IsRedirect(response.StatusCode)
                    ? visit.Follow(response.StatusCode, request.RequestUri!, response.Headers.Location, tail)
                    : await RefusedAsync(visit, response, credential, deadline).ConfigureAwait(false);
                if (failure is not null)
                {
                    return new HttpAnswer(null, failure);
                }
            }
        }
    }

    /// <summary>Credentials go to the host that was asked for, never where a remote sent us, and never in the clear.</summary>
    private HostCredential? FindCredential(HttpVisit visit) =>
        _options.Credentials is { } credentials && !visit.LeftHost && IsPrivate(visit.Url) ? credentials.Pick(visit.Url.Host) : null;

    private static bool IsPrivate(RepositoryUrl url) =>
        url.Scheme == "https" || (IPAddress.TryParse(url.HostName, out IPAddress? address) && IPAddress.IsLoopback(address));

    /// <summary>What the refusal means; null: to be asked again, with another credential or without one.</summary>
    private async ValueTask<RemoteFailure?> RefusedAsync(HttpVisit visit, HttpResponseMessage response, HostCredential? credential, Deadline deadline)
    {
        RemoteFailure failure = await HttpRefusal.ExplainAsync(response, _options.Clock, deadline).ConfigureAwait(false);
        if (_options.Credentials is not { } credentials)
        {
            return failure;
        }

        if (credential is null)
        {
            bool asks = failure.Kind == RemoteFailureKind.Unauthorized && failure.RetryAfter is null && !visit.LeftHost && IsPrivate(visit.Url);
            return asks && await credentials.AskAsync(visit.Url, deadline.Token).ConfigureAwait(false) ? null : failure;
        }

        if (failure.Kind == RemoteFailureKind.Throttled || failure.RetryAfter is not null)
        {
            return credentials.Observe(visit.Url.Host, credential, visit.RateLimit, failure.RetryAfter ?? Limits.CredentialRest) ? null : failure;
        }

        if (failure.Kind == RemoteFailureKind.Unauthorized)
        {
            credentials.Refuse(visit.Url.Host, credential);
            return null;
        }

        return failure;
    }

    private HttpRequestMessage Build(RepositoryUrl url, string tail, HttpBody? body, HostCredential? credential)
    {
        string address = string.Concat(url.ToString(), tail);
        // A canonical URL in ASCII needs no second canonicalization, and keeps its escapes as the person wrote them.
        Uri uri = Ascii.IsValid(address) ? new Uri(address, VerbatimUri) : new Uri(address);
        HttpRequestMessage request = new(body is null ? HttpMethod.Get : HttpMethod.Post, uri)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        HttpRequestHeaders headers = request.Headers;
        headers.TryAddWithoutValidation("User-Agent", _options.UserAgent);
        headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
        // gitprotocol-v2, "HTTP Transport". Servers of older versions ignore it, so a server's upgrade is seen without asking.
        headers.TryAddWithoutValidation("Git-Protocol", "version=2");
        if (credential is not null)
        {
            headers.TryAddWithoutValidation("Authorization", credential.Header);
        }

        if (body is not null)
        {
            headers.TryAddWithoutValidation("Accept", "application/x-git-upload-pack-result");
            request.Content = new HttpBodyContent(body);
        }

        return request;
    }

    private static bool IsRedirect(HttpStatusCode status) => status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found
        or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
}
