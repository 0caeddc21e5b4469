using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Repositories;

namespace Actors.Sync.Engines;

/// <summary>
/// One visit: <see cref="RepositorySync.RunAsync"/> with the campaign's options, or what a floor above does instead with what it
/// keeps under a URL. Its objects are durable when it ends; it records nothing; it throws only when cancelled.
/// </summary>
public delegate Task<SyncResult> SyncStep(RepositoryUrl url, RepositoryState? known, CancellationToken cancellationToken);
