using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using Actors.Git.Remotes;

namespace Actors.Git.Transport;

/// <summary>
/// Smart HTTP's two requests (gitprotocol-http) over pooled connections: HTTP/2 where TLS offers it, else keep-alive.
/// Redirects are followed by hand; no cookies; no credentials, ever.
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
            HttpRequestMessage request = Build(visit.Url, tail, body);
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

            if (response.StatusCode == HttpStatusCode.OK)
            {
                return new HttpAnswer(response, null);
            }

            using (response)
            {
                RemoteFailure? failure = IsRedirect(response.StatusCode)
                    ? visit.Follow(response.StatusCode, request.RequestUri!, response.Headers.Location, tail)
                    : await HttpRefusal.ExplainAsync(response, _options.Clock, deadline).ConfigureAwait(false);
                if (failure is not null)
                {
                    return new HttpAnswer(null, failure);
                }
            }
        }
    }

    private HttpRequestMessage Build(RepositoryUrl url, string tail, HttpBody? body)
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
