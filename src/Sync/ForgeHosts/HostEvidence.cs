using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Repositories;

namespace Actors.Sync.ForgeHosts;

/// <summary>What one ended sync says about its forge host.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="RetryAfter">How long the host asked us to wait, where it did.</param>
internal readonly record struct HostEvidence(HostEvidenceKind Kind, TimeSpan? RetryAfter = null)
{
    /// <summary>Reads a sync's end. <paramref name="known"/>: what was known of the repository before it.</summary>
    public static HostEvidence Of(SyncResult result, RepositoryState? known)
    {
        if (result.Failure is not { } failure)
        {
            return new HostEvidence(result.Report.Outcome.IsSuccess() ? HostEvidenceKind.Answered : HostEvidenceKind.Nothing);
        }

        if (failure.Kind == RemoteFailureKind.Throttled || failure.RetryAfter is not null)
        {
            return new HostEvidence(HostEvidenceKind.Throttled, failure.RetryAfter);
        }

        return new HostEvidence(failure.Kind switch
        {
            RemoteFailureKind.Unreachable => HostEvidenceKind.Unreachable,
            RemoteFailureKind.TimedOut when result.Report.BytesReceived == 0 => HostEvidenceKind.Unreachable,

            // Some forges answer 401 or 403 to those whom they throttle: suspicious where the same repository was open to us before.
            RemoteFailureKind.Unauthorized or RemoteFailureKind.Forbidden when known?.SucceededAt is not null => HostEvidenceKind.RefusedKnown,
            RemoteFailureKind.NotFound or RemoteFailureKind.Unauthorized or RemoteFailureKind.Forbidden
                or RemoteFailureKind.NotOurRef or RemoteFailureKind.RemoteError => HostEvidenceKind.Answered,
            _ => HostEvidenceKind.Nothing,
        });
    }
}
