using Actors.Git.Remotes;
using Actors.Store.Heads;

namespace Actors.Store.Campaigns;

/// <summary>
/// Submitted campaigns, for any number of processes that work them: lists of up to hundreds of millions of repositories, cut
/// into chunks; claims on chunks; what is done; the reports. Safe for concurrent calls. What a completed task wrote survives a
/// power loss. Leases are measured by the store's clock.
/// </summary>
/// <remarks>
/// Each repository of a list is in one chunk once, so it gets one outcome: whoever writes a chunk's checkpoint. A checkpoint is
/// one step: lines done, counts and report lines, or nothing. Who lost its claim writes nothing.
/// </remarks>
public interface ICampaignStore : IChunkBook, IAsyncDisposable
{
    /// <summary>Takes a list in. Others see it with its first line, and nobody claims of it before its last.</summary>
    /// <param name="campaign">How to work it.</param>
    /// <param name="lines">Read once, to the end; memory does not grow with it.</param>
    /// <param name="options">How to cut it, or null: as usual.</param>
    /// <param name="cancellationToken">Gives it up: nothing of it stays.</param>
    Task<StoredCampaign> SubmitAsync(NewCampaign campaign, IAsyncEnumerable<SubmittedLine> lines, SubmissionOptions? options, CancellationToken cancellationToken);

    /// <summary>Campaigns, newest first.</summary>
    IAsyncEnumerable<StoredCampaign> ListAsync(CancellationToken cancellationToken);

    /// <summary>One campaign, or null. Costs the same for any size.</summary>
    Task<StoredCampaign?> FindAsync(CampaignId id, CancellationToken cancellationToken);

    /// <summary>Pauses, resumes or cancels. Repeating is harmless.</summary>
    /// <returns>Where it stands afterwards (one that ended or is still submitted stays as it is), or null when there is none.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Another stage.</exception>
    Task<CampaignStage?> SteerAsync(CampaignId id, CampaignStage wanted, CancellationToken cancellationToken);

    /// <summary>Changes the priority; false when there is no such campaign.</summary>
    Task<bool> SetPriorityAsync(CampaignId id, int priority, CancellationToken cancellationToken);

    /// <summary>Claims chunks of campaigns that are worked: those of higher priority first, campaigns of one priority by chance; of different hosts, as far as there are.</summary>
    /// <returns>At most as many as asked for; none: there are none now.</returns>
    Task<IReadOnlyList<ClaimedChunk>> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken);

    /// <summary>Begins the leases of claims anew.</summary>
    /// <returns>Each claim's state, at its place.</returns>
    Task<IReadOnlyList<HoldState>> RenewAsync(IReadOnlyList<ChunkHold> holds, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>A campaign's report after a line, in order of the numbers; ends with what is there.</summary>
    /// <param name="id">The campaign.</param>
    /// <param name="after">0: from the first.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IAsyncEnumerable<StoredReportLine> ReadReportAsync(CampaignId id, long after, CancellationToken cancellationToken);

    /// <summary>Hosts with the most to do, over all campaigns that are worked. Reads a row of each open chunk: not for every second.</summary>
    Task<IReadOnlyList<HostBacklog>> CountBacklogAsync(int hostsMax, CancellationToken cancellationToken) => CountBacklogAsync(null, hostsMax, cancellationToken);

    /// <summary>Hosts with the most to do of one campaign, if it is worked; null: of all.</summary>
    Task<IReadOnlyList<HostBacklog>> CountBacklogAsync(CampaignId? campaign, int hostsMax, CancellationToken cancellationToken);

    /// <summary>
    /// Brakes a host until then; null: lifts the brake. What was kept of silences, and chunks that were given back for them, came of an earlier brake
    /// as well as of the host itself: it is forgotten, and who asks finds it again.
    /// </summary>
    Task BrakeAsync(ForgeHost host, DateTimeOffset? until, CancellationToken cancellationToken);

    /// <summary>Hosts of which nothing is claimed now.</summary>
    Task<IReadOnlyList<HostPause>> ListPausesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Ends campaigns whose chunks are all done (a checkpoint does so too, unless its process dies right after it), gives up submissions
    /// that were silent for hours, and removes the chunks of campaigns that ended a day ago, in small steps. For calling now and then.
    /// </summary>
    /// <returns>Campaigns that it ended.</returns>
    Task<IReadOnlyList<CampaignId>> TidyAsync(CancellationToken cancellationToken);
}
