using Actors.Git.Remotes;
using Actors.Store.Heads;

namespace Actors.Sync.Repositories;

/// <summary>What a sync began with.</summary>
internal readonly record struct SyncStart(
    RepositoryUrl Url, RepositoryState? Known, SyncOptions Options, DateTimeOffset At, long Timestamp);
