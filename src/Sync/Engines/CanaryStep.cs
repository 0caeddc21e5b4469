using Actors.Git.Remotes;

namespace Actors.Sync.Engines;

/// <summary>Looks at a repository that is known to be there, and fetches nothing; null: it answered.</summary>
internal delegate Task<RemoteFailure?> CanaryStep(RepositoryUrl url, CancellationToken cancellationToken);
