using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Outcomes;
using Actors.Sync.Repositories;

namespace Actors.Sync.Campaigns;

/// <summary>Reports made of what the head store knows.</summary>
internal static class VisitedBefore
{
    /// <summary>The report of a repository's last visit: of one that was recorded, but whose process died before it could report it.</summary>
    /// <param name="state">After the visit.</param>
    /// <param name="last">The visit, or null when there is none any more.</param>
    public static SyncReport Report(RepositoryState state, Visit? last) => new()
    {
        Url = state.Url,
        Outcome = state.Outcome,
        Snapshot = state.Snapshot,
        Objects = last?.Objects ?? 0,
        BytesReceived = last?.BytesReceived ?? 0,
        CloneBytes = state.CloneBytes,
        ElapsedMs = last?.ElapsedMs ?? 0,
        MovedTo = state.MovedTo,
        RetryAt = state.RetryAt,
        Error = last?.Error,
    };

    /// <summary>How a repository ends that was not visited at all, and its visit for the head store.</summary>
    public static (SyncReport Report, Visit Visit) NotVisited(RepositoryUrl url, RepositoryState? known, CampaignId campaign, Outcome outcome, string error, TimeSpan retryIn, DateTimeOffset now)
    {
        DateTimeOffset retryAt = now + retryIn;
        SyncReport report = new()
        {
            Url = url,
            Outcome = outcome,
            Snapshot = known?.Snapshot,
            RetryAt = retryAt,
            Fault = outcome switch
            {
                Outcome.Throttled => Fault.Forge,
                Outcome.Unreachable => Fault.Network,
                _ => Fault.Ours,
            },
            Error = error,
        };
        return (report, new Visit { Url = url, StartedAt = now, Outcome = outcome, Campaign = campaign, RetryAt = retryAt, Error = error });
    }
}
