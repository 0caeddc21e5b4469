using Actors.Git.Refs;
using Actors.Git.Transport;
using Actors.Git.Wire;

namespace Actors.Git.Remotes;

public sealed partial class GitClient
{
    private async Task<FetchResult> FetchHttpAsync(
        RepositoryUrl url, FetchRequest request, Func<Stream, CancellationToken, Task> receiver, CancellationToken cancellationToken)
    {
        using Deadline deadline = _deadlines.Rent(_options.ReadIdleTimeMax, Timeout.InfiniteTimeSpan, cancellationToken);
        HttpVisit visit = new(url, _options.RedirectsMax);
        ServerProfile? profile = Profiles.Find(url.Host);
        LegacyAdvertisement? legacy = null;
        bool sha256 = false;
        if (profile is not { Version: 2 })
        {
            // What may be asked is not known, or must be advertised first (v0: gitprotocol-http, "Smart Service git-upload-pack").
            try
            {
                InitialResponse said = await _httpProbe.LearnAsync(visit, RefSelection.All, deadline).ConfigureAwait(false);
                (profile, legacy) = (said.Profile!, said.Legacy);
                sha256 = profile.ObjectFormat == ObjectFormat.Sha256;
            }
            catch (RemoteFailureException e)
            {
                return Failed(e.Failure, visit);
            }
        }

        if (Refuse(request, profile, sha256) is { } refusal)
        {
            return Failed(refusal, visit);
        }

        FetchResult result;
        HttpFetchChannel channel = new(_http, visit, deadline);
        int requestsBefore = visit.Requests;
        await using (channel.ConfigureAwait(false))
        {
            FetchSession session = legacy is null ? new V2FetchSession(channel, request) : new LegacyFetchSession(channel, request, legacy);
            result = await session.RunAsync(receiver, cancellationToken).ConfigureAwait(false);
        }

        result = result with { RateLimit = visit.RateLimit, Requests = result.Requests + requestsBefore, BytesReceived = result.BytesReceived + visit.BytesReceived };
        return ReferenceEquals(result.Failure, V2FetchSession.EmptyAnswer) ? await ExplainEmptyAsync(result, visit, profile, deadline).ConfigureAwait(false) : result;
    }

    /// <summary>
    /// A server that refuses something of a v2 request tells only its own log. Its advertisement may tell: another object
    /// format, or a feature withdrawn since it taught us.
    /// </summary>
    private async Task<FetchResult> ExplainEmptyAsync(FetchResult result, HttpVisit visit, ServerProfile before, Deadline deadline)
    {
        try
        {
            InitialResponse said = await _httpProbe.LearnAsync(visit, RefSelection.Default, deadline).ConfigureAwait(false);
            string reason = said.Profile!.ObjectFormat == ObjectFormat.Sha256 ? "The repository's object format is SHA-256, which is not fetched."
                : said.Profile with { ObjectFormat = before.ObjectFormat } != before ? "The server no longer offers what it taught; it was asked again what it can do."
                : "The server refused the fetch without a word.";
            return result with { Failure = new RemoteFailure(RemoteFailureKind.Unsupported, reason), Requests = result.Requests + 1 };
        }
        catch (RemoteFailureException e)
        {
            return result with { Failure = e.Failure, Requests = result.Requests + 1 };
        }
    }

    /// <summary>What the server is known not to do; null when the request may be sent.</summary>
    private static RemoteFailure? Refuse(FetchRequest request, ServerProfile profile, bool sha256)
    {
        string? lacking =
            sha256 ? "SHA-1 objects: the repository's object format is SHA-256"
            : request.Filter != ObjectFilter.None && !profile.Filter ? "filter"
            : request.Deepen is not null && !profile.Shallow ? "shallow"
            : request.OnlyCommon && !profile.WaitForDone ? "wait-for-done"
            : null;
        return lacking is null ? null : new RemoteFailure(RemoteFailureKind.Unsupported, $"The server does not offer {lacking}.");
    }

    private static FetchResult Failed(RemoteFailure failure, HttpVisit visit) =>
        new() { Failure = failure, Requests = visit.Requests, BytesReceived = visit.BytesReceived };
}
