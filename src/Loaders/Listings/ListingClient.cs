using System.Net.Http;
using Actors.Git.Remotes;
using Actors.Git.Transport;
using Actors.Git.Wire;
using Actors.Loaders.Downloads;

namespace Actors.Loaders.Listings;

/// <summary>
/// GETs of forges' listings: connections, address guard, redirects, credentials and failures are git's own transport's; when a request may be sent the
/// policy of forge hosts says. Asked for patience it waits, as long as that is sensible, and asks again. One for a process.
/// </summary>
public sealed class ListingClient : IDisposable
{
    private readonly GitClientOptions _options;
    private readonly FileHosts _hosts;
    private readonly HttpExchanges _exchanges;
    private readonly DeadlinePool _deadlines;
    private volatile bool _answered;

    /// <summary>A client that behaves as a git client with the same options.</summary>
    /// <param name="options">Where it may go, with which credentials.</param>
    /// <param name="hosts">The hosts' patience.</param>
    public ListingClient(GitClientOptions options, FileHosts hosts)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _hosts) = (options, hosts);
        // Credentials are put in here, since an API takes them by another word and often at another host than git does.
        _exchanges = new HttpExchanges(options with { Credentials = null });
        _deadlines = new DeadlinePool(options.Clock);
    }

    /// <summary>Told of each wait that a host asks for: until when.</summary>
    public Action<ForgeHost, DateTimeOffset>? Waiting { get; set; }

    /// <summary>Requests sent so far.</summary>
    public long Requests => _exchanges.Requests;

    public void Dispose() => _exchanges.Dispose();

    /// <summary>A page, tried again as long as what is in its way may pass.</summary>
    /// <param name="lister">Whose words are used.</param>
    /// <param name="address">What to ask; a fragment stays here.</param>
    /// <param name="read">Reads the answer; an <see cref="Objects.ArchiveException"/> is an answer that cannot be read, and may pass too.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ListingException">It does not pass.</exception>
    internal Task<T> AskAsync<T>(ILister lister, Uri address, Func<ListingReply, T> read, CancellationToken cancellationToken) =>
        AskAsync(lister, address, read, isOneOfMany: false, cancellationToken);

    /// <summary>As above. A single repository's page that is refused is that repository's business, and not waited for.</summary>
    internal async Task<T> AskAsync<T>(ILister lister, Uri address, Func<ListingReply, T> read, bool isOneOfMany, CancellationToken cancellationToken)
    {
        int attempt = 1, throttlings = 0;
        while (true)
        {
            (ListingReply? reply, RemoteFailure? failure) = await SendPermittedAsync(lister, address, cancellationToken).ConfigureAwait(false);
            if (reply is not null)
            {
                try
                {
                    T said = read(reply);
                    _answered = true;
                    return said;
                }
                catch (Objects.ArchiveException e)
                {
                    // A page of an overloaded server's own making, with status 200: no end of the listing.
                    failure = new RemoteFailure(RemoteFailureKind.Malformed, e.Message);
                }
            }

            bool patience = failure!.Kind == RemoteFailureKind.Throttled || failure.RetryAfter is not null;
            if (patience ? ++throttlings > Limits.ListingThrottlingsMax : !MayPass(failure, isOneOfMany) || ++attempt > Limits.ListingAttemptsMax)
            {
                throw new ListingException(failure, address.GetLeftPart(UriPartial.Path));
            }

            if (!patience)
            {
                TimeSpan first = failure.Kind == RemoteFailureKind.Forbidden ? Limits.ListingRefusedWait : Limits.ListingFirstWait;
                await Task.Delay(first * (1 << (attempt - 2)), _options.Clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Whether the same question may be answered later. A 403 for a whole list, from a host that has answered, is a limit without a name.</summary>
    private bool MayPass(RemoteFailure failure, bool isOneOfMany) => failure.Kind switch
    {
        RemoteFailureKind.ServerError or RemoteFailureKind.CutOff or RemoteFailureKind.TimedOut or RemoteFailureKind.Unreachable or RemoteFailureKind.Malformed => true,
        RemoteFailureKind.Forbidden => _answered && !isOneOfMany && failure.HttpStatus == 403,
        _ => false,
    };

    private async Task<(ListingReply? Reply, RemoteFailure? Failure)> SendPermittedAsync(ILister lister, Uri address, CancellationToken cancellationToken)
    {
        FilePermit permit;
        try
        {
            permit = await _hosts.BeginAsync(FileHosts.HostOf(address), Limits.ListingWaitMax, Waiting, cancellationToken).ConfigureAwait(false);
        }
        catch (DownloadException e)
        {
            throw new ListingException(e.Failure, address.GetLeftPart(UriPartial.Path), e);
        }

        try
        {
            return await SendAsync(lister, address, permit, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Once given back, this says nothing.
            permit.EndSilently();
        }
    }

    private async Task<(ListingReply? Reply, RemoteFailure? Failure)> SendAsync(ILister lister, Uri address, FilePermit permit, CancellationToken cancellationToken)
    {
        while (true)
        {
            HostCredential? credential = IsPrivate(address) ? _options.Credentials?.Pick(lister.CredentialsOf) : null;
            using Deadline deadline = _deadlines.Rent(_options.ReadIdleTimeMax, Timeout.InfiniteTimeSpan, cancellationToken);
            long began = _options.Clock.GetTimestamp();
            try
            {
                using HttpOpened opened = await _exchanges.GetAsync(WithoutMark(address), Headers(lister, credential), deadline).ConfigureAwait(false);
                double latency = _options.Clock.GetElapsedTime(began).TotalMilliseconds;
                RateLimit? rate = RateLimitHeaders.Read(opened.Headers, _options.Clock);
                if (credential is not null)
                {
                    _options.Credentials!.Observe(lister.CredentialsOf, credential, rate, rest: null);
                }

                ReadOnlyMemory<byte> body = await ReadAsync(opened.Body, deadline).ConfigureAwait(false);
                permit.EndServed(latency, rate);
                return (new ListingReply(address, body) { Link = LinkOf(opened), Base = opened.Address }, null);
            }
            catch (Exception e) when (TransportFailures.Explain(e, deadline) is { } failure)
            {
                if (!await MayAskAgainAsync(lister, address, credential, failure, cancellationToken).ConfigureAwait(false))
                {
                    permit.EndFailed(failure);
                    return (null, failure);
                }
            }
        }
    }

    /// <summary>With another credential, or without the one that was refused. Each is refused once, and helpers are asked once, so this ends.</summary>
    private async ValueTask<bool> MayAskAgainAsync(ILister lister, Uri address, HostCredential? credential, RemoteFailure failure, CancellationToken cancellationToken)
    {
        if (_options.Credentials is not { } credentials || !IsPrivate(address))
        {
            return false;
        }

        if (credential is not null && (failure.Kind == RemoteFailureKind.Throttled || failure.RetryAfter is not null))
        {
            return credentials.Observe(lister.CredentialsOf, credential, null, failure.RetryAfter ?? Git.Limits.CredentialRest);
        }

        if (failure.Kind != RemoteFailureKind.Unauthorized)
        {
            return false;
        }

        if (credential is not null)
        {
            credentials.Refuse(lister.CredentialsOf, credential);
            return true;
        }

        return RepositoryUrl.TryParse($"https://{lister.CredentialsOf}/any", out RepositoryUrl url, out _)
            && await credentials.AskAsync(url, cancellationToken).ConfigureAwait(false);
    }

    private static KeyValuePair<string, string>[] Headers(ILister lister, HostCredential? credential)
    {
        KeyValuePair<string, string> accept = new("Accept", lister.Accept);
        return credential is null ? [accept] : [accept, new("Authorization", credential.TokenHeader(lister.TokenWord, lister.TokensOnly))];
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream body, Deadline deadline)
    {
        byte[] whole = new byte[64 << 10];
        int length = 0, read;
        while ((read = await deadline.ReadAsync(body, whole.AsMemory(length)).ConfigureAwait(false)) > 0)
        {
            length += read;
            if (length > Limits.ListingBytesMax)
            {
                throw new RemoteFailureException(RemoteFailureKind.OverLimit, $"The page is longer than {Limits.ListingBytesMax} bytes.");
            }

            if (length == whole.Length)
            {
                Array.Resize(ref whole, 2 * length);
            }
        }

        return whole.AsMemory(0, length);
    }

    private static string? LinkOf(HttpOpened opened)
    {
        // GitLab before 14.0 wrote "Links" for keyset pages.
        foreach (string name in (ReadOnlySpan<string>)["Link", "Links"])
        {
            if (opened.Headers.NonValidated.TryGetValues(name, out System.Net.Http.Headers.HeaderStringValues value))
            {
                return value.ToString();
            }
        }

        return null;
    }

    /// <summary>Never in the clear, but to this machine.</summary>
    private static bool IsPrivate(Uri address) => address.Scheme == Uri.UriSchemeHttps || address.IsLoopback;

    private static Uri WithoutMark(Uri address) => address.Fragment.Length == 0 ? address : new Uri(address.GetLeftPart(UriPartial.Query));
}
