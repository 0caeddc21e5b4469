using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;
using Actors.Sync.Schedules;

namespace Actors.Sync.Engines;

/// <summary>
/// An engine as a server has it: campaigns are submitted, kept, worked by themselves, watched and steered; they survive the
/// process. One interface, two implementations: in one process (over <see cref="LocalEngine"/>) and in a cluster (grains).
/// The HTTP API, the dashboard and the metrics stand on it. Safe for concurrent calls.
/// </summary>
public interface ICampaignBoard : IAsyncDisposable
{
    /// <summary>Takes a list. Durable when it returns; a submission that fails or is cancelled leaves nothing that is worked.</summary>
    /// <param name="order">How to work it.</param>
    /// <param name="list">UTF-8 lines in any form that <see cref="ListLine"/> reads, not compressed; read once, forward, to its end.</param>
    /// <param name="cancellationToken">Gives the submission up.</param>
    /// <exception cref="ArgumentException">The order has a value out of its range; the message names it.</exception>
    Task<CampaignId> SubmitAsync(CampaignOrder order, Stream list, CancellationToken cancellationToken);

    /// <summary>Campaigns, newest first.</summary>
    IAsyncEnumerable<CampaignView> ListAsync(CancellationToken cancellationToken);

    /// <summary>One campaign, or null.</summary>
    Task<CampaignView?> FindAsync(CampaignId id, CancellationToken cancellationToken);

    /// <summary>The campaign now, then as it changes, at most a few times a second; ends after the one that shows it done or cancelled. Nothing when there is none.</summary>
    IAsyncEnumerable<CampaignView> WatchAsync(CampaignId id, CancellationToken cancellationToken);

    /// <summary>Pauses, resumes (<see cref="CampaignPhase.Running"/>) or cancels. What runs ends by itself. Repeating is harmless.</summary>
    /// <returns>The campaign's phase afterwards (an ended one stays ended), or null when there is none.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Another phase.</exception>
    Task<CampaignPhase?> SteerAsync(CampaignId id, CampaignPhase wanted, CancellationToken cancellationToken);

    /// <summary>Changes the priority.</summary>
    /// <returns>False when there is no such campaign.</returns>
    Task<bool> SetPriorityAsync(CampaignId id, int priority, CancellationToken cancellationToken);

    /// <summary>Lines of the report after one, in order of their numbers.</summary>
    /// <param name="id">The campaign.</param>
    /// <param name="after">0: from the first.</param>
    /// <param name="follow">Wait for more until the campaign has ended; else end with what is there.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IAsyncEnumerable<ReportLine> ReadReportAsync(CampaignId id, long after, bool follow, CancellationToken cancellationToken);

    /// <summary>Syncs of the last hours that failed, the last first, and those that took longest, the longest first; at most so many of each.</summary>
    Task<(IReadOnlyList<SyncReport> Failed, IReadOnlyList<SyncReport> Slowest)> ListTroublesAsync(int max, CancellationToken cancellationToken);

    /// <summary>Why a repository is not done: what is known of it, its host and the campaigns that wait for it, in sentences for a person.</summary>
    Task<IReadOnlyList<string>> ExplainAsync(RepositoryUrl url, CancellationToken cancellationToken);

    /// <summary>Forge hosts that have work or that something is remembered of, busiest first.</summary>
    Task<IReadOnlyList<HostView>> ListHostsAsync(CancellationToken cancellationToken);

    /// <summary>Asks nothing of a host until then; null: lifts the brake. Kept over restarts.</summary>
    Task BrakeAsync(ForgeHost host, DateTimeOffset? until, CancellationToken cancellationToken);

    /// <summary>The processes that work.</summary>
    Task<IReadOnlyList<SiloView>> ListSilosAsync(CancellationToken cancellationToken);

    /// <summary>What keeps the store fresh, of all processes that work together; null: nothing does.</summary>
    Task<WatchView?> ViewWatchAsync(CancellationToken cancellationToken);
}
