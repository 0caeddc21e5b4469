using Actors.Git.Remotes;

namespace Actors.Store.Heads;

/// <summary>
/// The head database: repositories, their current heads, the log of visits, snapshots by content, forge hosts, campaigns.
/// Batched; safe for concurrent calls. What a completed task wrote survives a power loss. Snapshots are never removed.
/// Times are kept in whole milliseconds and read back in UTC.
/// </summary>
public interface IHeadStore : IAsyncDisposable
{
    /// <summary>States of a batch, each at its URL's place; null where the repository is not known.</summary>
    ValueTask<IReadOnlyList<RepositoryState?>> FindAsync(IReadOnlyList<RepositoryUrl> urls, CancellationToken cancellationToken);

    /// <summary>Records a batch of visits in one transaction, in order; unknown repositories are added. A failing visit keeps the repository's heads.</summary>
    /// <exception cref="ArgumentException">An unknown outcome, new heads from a visit that failed, or heads that do not have their id; nothing is written.</exception>
    ValueTask RecordAsync(IReadOnlyList<Visit> visits, CancellationToken cancellationToken);

    /// <summary>A stored snapshot, or null.</summary>
    ValueTask<Snapshot?> ReadSnapshotAsync(SnapshotId id, CancellationToken cancellationToken);

    /// <summary>All repositories, in order of first appearance.</summary>
    IAsyncEnumerable<RepositoryState> ListAsync(CancellationToken cancellationToken);

    /// <summary>A repository's visits, newest first, each with the id of the heads after it; none when it is not known.</summary>
    IAsyncEnumerable<Visit> ListVisitsAsync(RepositoryUrl url, CancellationToken cancellationToken);

    /// <summary>Repositories by the outcome of their last visit (index: the outcome's number; 0: never visited).</summary>
    ValueTask<IReadOnlyList<long>> CountByOutcomeAsync(CancellationToken cancellationToken);

    /// <summary>Every forge host that something is remembered of.</summary>
    IAsyncEnumerable<ForgeHostState> ListForgeHostsAsync(CancellationToken cancellationToken);

    /// <summary>Adds or replaces.</summary>
    ValueTask SaveForgeHostAsync(ForgeHostState state, CancellationToken cancellationToken);

    /// <summary>Adds or replaces what hosts' servers can do (<see cref="ForgeHostState.Profile"/>); what else is remembered of them stays.</summary>
    ValueTask SaveProfilesAsync(IReadOnlyList<(ForgeHost Host, string Profile)> profiles, CancellationToken cancellationToken);

    /// <summary>Adds a campaign and numbers it.</summary>
    ValueTask<CampaignState> BeginCampaignAsync(CampaignState campaign, CancellationToken cancellationToken);

    /// <summary>Replaces the position, the counts and the end of a campaign.</summary>
    /// <exception cref="ArgumentException">There is no campaign of that number.</exception>
    ValueTask SaveCampaignAsync(CampaignState campaign, CancellationToken cancellationToken);

    /// <summary>Campaigns, newest first.</summary>
    IAsyncEnumerable<CampaignState> ListCampaignsAsync(CancellationToken cancellationToken);

    /// <summary>Keeps heads recorded by another system, replacing earlier imports of the same URL; adds unknown repositories.</summary>
    ValueTask ImportAsync(IReadOnlyList<ImportedHeads> heads, CancellationToken cancellationToken);

    /// <summary>Imported heads of a repository, or null.</summary>
    ValueTask<ImportedHeads?> FindImportedAsync(RepositoryUrl url, CancellationToken cancellationToken);
}
