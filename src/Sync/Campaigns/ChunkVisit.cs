using Actors.Git.Remotes;
using Actors.Sync.ForgeHosts;

namespace Actors.Sync.Campaigns;

/// <summary>
/// Visits a repository for a campaign, or joins the visit that runs, wherever that is; waits for its end. One that ended is recorded in the
/// head store under the campaign, before it is told.
/// </summary>
/// <param name="url">The repository.</param>
/// <param name="permit">The visit's own from now on: it gives it back.</param>
/// <param name="comesAgain">An end by a host that wants patience is not recorded: <see cref="ChunkVisitEnd.PutBack"/>.</param>
/// <param name="cancellationToken">Nobody waits for the end any more.</param>
public delegate Task<ChunkVisitEnd> ChunkVisit(RepositoryUrl url, IHostPermit permit, bool comesAgain, CancellationToken cancellationToken);
