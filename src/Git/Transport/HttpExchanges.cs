using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using Actors.Git.Remotes;
using Actors.Git.Wire;

namespace Actors.Git.Transport;

/// <summary>
/// GETs and POSTs of what lies beside git's own protocol, by the same rules: redirects followed by hand, never from https to http, so many;
/// no cookies; credentials, and headers that came for one address, go to no other host.
/// </summary>
internal sealed class HttpExchanges(GitClientOptions options) : IDisposable
{
    private readonly HttpMessageInvoker _invoker = new(HttpHandlers.Create(options));
    private long _requests;

    /// <summary>Sent so far, redirects included.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Where we go from an address: http and https without user information, and not back from https.</summary>
    public static bool IsAllowed(Uri address, Uri from) =>
        (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && from.Scheme == Uri.UriSchemeHttp)) && address.UserInfo.Length == 0 && address.Host.Length > 0;

    /// <summary>The bytes of an address from a place on; a server without ranges sends them all.</summary>
    /// <exception cref="RemoteFailureException">Refused. What else goes wrong is <see cref="TransportFailures"/>'s to explain.</exception>
    public Task<HttpOpened> GetAsync(Uri address, IReadOnlyList<KeyValuePair<string, string>> headers, long from, Deadline deadline) =>
        SendAsync(address, asked =>
        {
            HttpRequestMessage request = Build(HttpMethod.Get, asked, address, headers);
            // Compressed, a range would be one of other bytes.
            request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
            request.Headers.Range = from > 0 ? new RangeHeaderValue(from, null) : null;
            return request;
        }, from, deadline);

    /// <summary>The bytes of an address, compressed on their way where the server can.</summary>
    /// <exception cref="RemoteFailureException">Refused, likewise.</exception>
    public Task<HttpOpened> GetAsync(Uri address, IReadOnlyList<KeyValuePair<string, string>> headers, Deadline deadline) =>
        SendAsync(address, asked =>
        {
            HttpRequestMessage request = Build(HttpMethod.Get, asked, address, headers);
            request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
            return request;
        }, 0, deadline);

    /// <summary>Sends a message that is answered by one of the same type.</summary>
    /// <exception cref="RemoteFailureException">Refused, likewise.</exception>
    public Task<HttpOpened> PostAsync(Uri address, byte[] message, string mediaType, Deadline deadline) =>
        SendAsync(address, asked =>
        {
            HttpRequestMessage request = Build(HttpMethod.Post, asked, address, []);
            request.Headers.TryAddWithoutValidation("Accept", mediaType);
            request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
            request.Content = new ByteArrayContent(message);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
            return request;
        }, 0, deadline);

    public void Dispose() => _invoker.Dispose();

    private async Task<HttpOpened> SendAsync(Uri address, Func<Uri, HttpRequestMessage> build, long from, Deadline deadline)
    {
        Uri asked = address;
        for (int redirects = 0; ; redirects++)
        {
            using HttpRequestMessage request = build(asked);
            Interlocked.Increment(ref _requests);
            deadline.Arm();
            HttpResponseMessage response = await _invoker.SendAsync(request, deadline.Token).ConfigureAwait(false);
            bool isRest = from > 0 && response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == from;
            if (response.StatusCode == HttpStatusCode.OK || isRest)
            {
                return new HttpOpened(response, await HttpReplyBytes.OpenAsync(response, deadline).ConfigureAwait(false), isRest);
            }

            using (response)
            {
                if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
                {
                    throw new RemoteFailureException(await HttpRefusal.ExplainAsync(response, options.Clock, deadline).ConfigureAwait(false));
                }

                asked = Follow(asked, location, redirects, (int)response.StatusCode);
            }
        }
    }

    private Uri Follow(Uri asked, Uri location, int redirects, int status)
    {
        if (redirects >= options.RedirectsMax)
        {
            throw new RemoteFailureException(new RemoteFailure(RemoteFailureKind.BadRedirect, $"More than {options.RedirectsMax} redirects.", status));
        }

        return Uri.TryCreate(asked, location, out Uri? next) && IsAllowed(next, asked)
            ? next
            : throw new RemoteFailureException(new RemoteFailure(RemoteFailureKind.BadRedirect, "A redirect to where we do not go.", status));
    }

    private HttpRequestMessage Build(HttpMethod method, Uri asked, Uri address, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        HttpRequestMessage request = new(method, asked) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        request.Headers.TryAddWithoutValidation("User-Agent", options.UserAgent);
        if (!IsSameOrigin(asked, address))
        {
            return request;
        }

        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        // As for git itself: only to the host that was asked for, and never in the clear.
        if (!request.Headers.NonValidated.Contains("Authorization") && (asked.Scheme == Uri.UriSchemeHttps || asked.IsLoopback)
            && options.Credentials?.Pick(ForgeHost.Parse(asked.Authority)) is { } credential)
        {
            request.Headers.TryAddWithoutValidation("Authorization", credential.Header);
        }

        return request;
    }

    private static bool IsSameOrigin(Uri one, Uri other) => one.Scheme == other.Scheme && one.Port == other.Port && one.Host.Equals(other.Host, StringComparison.OrdinalIgnoreCase);
}
