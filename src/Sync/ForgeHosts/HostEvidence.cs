using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Repositories;

namespace Actors.Sync.ForgeHosts;

/// <summary>What one ended sync says about its forge host.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="RetryAfter">How long the host asked us to wait, where it did.</param>
public readonly record struct HostEvidence(HostEvidenceKind Kind, TimeSpan? RetryAfter = null)
{
    /// <summary>It served a repository, not only an answer.</summary>
    public bool Served { get; init; }

    /// <summary>Requests that the sync made.</summary>
    public int Requests { get; init; } = 1;

    /// <summary>Milliseconds to its first answer, where one came.</summary>
    public double? LatencyMs { get; init; }

    /// <summary>What the host said is left of its budget, where it did.</summary>
    public RateLimit? RateLimit { get; init; }

    /// <summary>Reads a sync's end. <paramref name="known"/>: what was known of the repository before it.</summary>
    public static HostEvidence Of(SyncResult result, RepositoryState? known)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new HostEvidence(KindOf(result, known), result.Failure?.RetryAfter)
        {
            Requests = Math.Max(1, result.Report.Requests),
            LatencyMs = result.FirstAnswerMs,
            RateLimit = result.RateLimit,
            Served = result.Failure is null && result.Report.Outcome.IsSuccess(),
        };
    }

    /// <summary>What a canary's answer says; null: it was answered.</summary>
    public static HostEvidence OfCanary(RemoteFailure? failure) => failure is null
        ? new HostEvidence(HostEvidenceKind.Answered)
        : failure.Kind == RemoteFailureKind.Throttled || failure.RetryAfter is not null ? new HostEvidence(HostEvidenceKind.Throttled, failure.RetryAfter)
        : new HostEvidence(failure.Kind switch
        {
            RemoteFailureKind.Unauthorized or RemoteFailureKind.Forbidden or RemoteFailureKind.NotFound => HostEvidenceKind.RefusedKnown,
            RemoteFailureKind.Unreachable or RemoteFailureKind.TimedOut => HostEvidenceKind.Unreachable,
            _ => HostEvidenceKind.Nothing,
        });

    private static HostEvidenceKind KindOf(SyncResult result, RepositoryState? known)
    {
        if (result.Failure is not { } failure)
        {
            return result.Report.Outcome.IsSuccess() ? HostEvidenceKind.Answered : HostEvidenceKind.Nothing;
        }

        bool wasOpen = known?.SucceededAt is not null;
        return failure.Kind switch
        {
            _ when failure.Kind == RemoteFailureKind.Throttled || failure.RetryAfter is not null => HostEvidenceKind.Throttled,
            RemoteFailureKind.Unreachable => HostEvidenceKind.Unreachable,
            RemoteFailureKind.TimedOut when result.Report.BytesReceived == 0 => HostEvidenceKind.Unreachable,

            // Some forges answer 401, 403 or 404 to those whom they throttle: suspicious where the same repository was open to us before.
            RemoteFailureKind.Unauthorized or RemoteFailureKind.Forbidden => wasOpen ? HostEvidenceKind.RefusedKnown : HostEvidenceKind.RefusedUnknown,
            RemoteFailureKind.NotFound => wasOpen ? HostEvidenceKind.RefusedUnknown : HostEvidenceKind.Answered,
            RemoteFailureKind.NotOurRef or RemoteFailureKind.RemoteError => HostEvidenceKind.Answered,
            _ => HostEvidenceKind.Nothing,
        };
    }
}
