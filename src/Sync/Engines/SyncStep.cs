using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Repositories;

namespace Actors.Sync.Engines;

/// <summary>One sync of one repository: <see cref="RepositorySync.RunAsync"/> with the campaign's options.</summary>
internal delegate Task<SyncResult> SyncStep(RepositoryUrl url, RepositoryState? known, CancellationToken cancellationToken);
