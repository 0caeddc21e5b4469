using Actors.Git.Refs;
using Actors.Git.Transport;
using Actors.Git.Wire;

namespace Actors.Git.Remotes;

public sealed partial class GitClient
{
    private async ValueTask<ProbeReply> ProbeConnectionAsync(RepositoryUrl url, RefSelection refs, AdvertisementDigest? known, CancellationToken cancellationToken)
    {
        using Deadline deadline = _deadlines.Rent(_options.ReadIdleTimeMax, _options.ProbeTimeMax, cancellationToken);
        try
        {
            ConversationOpening opening = await ConversationOpening.OpenAsync(url, refs, _options, _deadlines, deadline, cancellationToken).ConfigureAwait(false);
            await using (opening.ConfigureAwait(false))
            {
                return await opening.ProbeAsync(refs, known, _options.AdvertisementBytesMax).ConfigureAwait(false);
            }
        }
        catch (RemoteFailureException e)
        {
            return WireProbeReply.Failed(e.Failure, null, null, 1, 0);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private async Task<FetchResult> FetchConnectionAsync(
        RepositoryUrl url, FetchRequest request, Func<Stream, CancellationToken, Task> receiver, CancellationToken cancellationToken)
    {
        using Deadline deadline = _deadlines.Rent(_options.ReadIdleTimeMax, Timeout.InfiniteTimeSpan, cancellationToken);
        ConversationOpening opening;
        try
        {
            opening = await ConversationOpening.OpenAsync(url, RefSelection.All, _options, _deadlines, deadline, cancellationToken).ConfigureAwait(false);
        }
        catch (RemoteFailureException e)
        {
            return new FetchResult { Failure = e.Failure, Requests = 1 };
        }

        await using (opening.ConfigureAwait(false))
        {
            if (Refuse(request, opening.Profile, opening.Profile.ObjectFormat == ObjectFormat.Sha256) is { } refusal)
            {
                return new FetchResult { Failure = refusal, Requests = 1, BytesReceived = opening.BytesReceived };
            }

            FetchChannel channel = opening.OpenFetch();
            FetchSession session = opening.Legacy is { } legacy
                ? new LegacyFetchSession(channel, request, legacy)
                : new V2FetchSession(channel, request);
            FetchResult result = await session.RunAsync(receiver, cancellationToken).ConfigureAwait(false);
            return result.Failure is { Kind: RemoteFailureKind.CutOff } && await opening.ExplainEndAsync().ConfigureAwait(false) is { } reason
                ? result with { Failure = reason }
                : result;
        }
    }
}
