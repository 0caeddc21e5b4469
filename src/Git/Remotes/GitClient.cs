using Actors.Git.Refs;
using Actors.Git.Transport;
using Actors.Git.Wire;

namespace Actors.Git.Remotes;

/// <summary>The client over HTTP, <c>git://</c>, <c>ssh://</c> and local paths; see <see cref="IGitClient"/>.</summary>
public sealed partial class GitClient : IGitClient
{
    private readonly GitClientOptions _options;
    private readonly DeadlinePool _deadlines;
    private readonly HttpTransport _http;
    private readonly HttpProbe _httpProbe;

    /// <summary>A client with its own connection pools.</summary>
    /// <exception cref="ArgumentException">The user agent does not begin with <c>git/</c>.</exception>
    public GitClient(GitClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Checked() with { Connected = Profiles.LearnAddress + options.Connected };
        _deadlines = new DeadlinePool(options.Clock);
        _http = new HttpTransport(_options);
        _httpProbe = new HttpProbe(_http, _deadlines, Profiles);
    }

    public ServerProfiles Profiles { get; } = new();

    public ValueTask<ProbeReply> ProbeAsync(RepositoryUrl url, RefSelection refs, CancellationToken cancellationToken) =>
        ProbeAsync(url, refs, null, cancellationToken);

    public ValueTask<ProbeReply> ProbeAsync(RepositoryUrl url, RefSelection refs, AdvertisementDigest? known, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(refs);
        return IsHttp(url) ? _httpProbe.ProbeAsync(url, refs, known, cancellationToken) : ProbeConnectionAsync(url, refs, known, cancellationToken);
    }

    public async ValueTask<ServerProfile?> LearnAsync(RepositoryUrl url, CancellationToken cancellationToken)
    {
        if (Profiles.Find(url.Host) is { } known)
        {
            return known;
        }

        if (!IsHttp(url))
        {
            // On a connection the server says it each time; the probe's reply has it.
            return (await ProbeConnectionAsync(url, RefSelection.Default, null, cancellationToken).ConfigureAwait(false)).Profile;
        }

        using Deadline deadline = _deadlines.Rent(_options.ReadIdleTimeMax, _options.ProbeTimeMax, cancellationToken);
        try
        {
            return (await _httpProbe.LearnAsync(new HttpVisit(url, _options.RedirectsMax), RefSelection.Default, deadline).ConfigureAwait(false)).Profile;
        }
        catch (RemoteFailureException)
        {
            return null;
        }
    }

    public async Task<FetchResult> FetchAsync(
        RepositoryUrl url, FetchRequest request, Func<Stream, CancellationToken, Task> receiver, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(receiver);
        if (request.Wants.Count == 0 && !request.OnlyCommon)
        {
            throw new ArgumentException("A fetch wants at least one object.", nameof(request));
        }

        try
        {
            return IsHttp(url)
                ? await FetchHttpAsync(url, request, receiver, cancellationToken).ConfigureAwait(false)
                : await FetchConnectionAsync(url, request, receiver, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static bool IsHttp(RepositoryUrl url) => url.ToString().StartsWith("http", StringComparison.Ordinal);
}
