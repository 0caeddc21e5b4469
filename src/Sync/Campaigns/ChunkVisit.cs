using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.ForgeHosts;

namespace Actors.Sync.Campaigns;

/// <summary>
/// Visits a repository that is held (<see cref="IRepositoryHolds"/>) for a campaign; waits for its end. One that ended is recorded in the
/// head store under the campaign, before it is told.
/// </summary>
/// <param name="url">The repository.</param>
/// <param name="known">What the head store knows of it, read since it is held; null: it was never visited.</param>
/// <param name="permit">The visit's own from now on: it gives it back.</param>
/// <param name="comesAgain">An end by a host that wants patience is not recorded: <see cref="ChunkVisitEnd.PutBack"/>.</param>
/// <param name="cancellationToken">Nobody waits for the end any more.</param>
public delegate Task<ChunkVisitEnd> ChunkVisit(RepositoryUrl url, RepositoryState? known, IHostPermit permit, bool comesAgain, CancellationToken cancellationToken);
