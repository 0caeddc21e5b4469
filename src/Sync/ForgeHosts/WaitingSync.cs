using Actors.Git.Remotes;
using Actors.Store.Heads;

namespace Actors.Sync.ForgeHosts;

/// <summary>A repository that waits for a permit of its forge host.</summary>
/// <param name="Url">Which.</param>
/// <param name="Known">What the head store knew of it when it began to wait; null: never seen.</param>
/// <param name="Line">Its line in the list.</param>
/// <param name="Throttlings">How often its sync was throttled in this campaign and put back.</param>
/// <param name="ListedBytes">Its size as its forge lists it, for one that was never seen.</param>
internal readonly record struct WaitingSync(RepositoryUrl Url, RepositoryState? Known, long Line, int Throttlings = 0, long? ListedBytes = null);
