using Actors.Store.Heads;

namespace Actors.Sync.ForgeHosts;

/// <summary>A sync whose turn it is.</summary>
/// <param name="Sync">Which.</param>
/// <param name="Host">Whose permit it holds, unless it ends without request.</param>
/// <param name="BegunAt">When the permit was given, in UTC ticks.</param>
/// <param name="WithoutRequest">Not to be asked at all: ends with this outcome, to be retried at <paramref name="RetryAt"/>.</param>
/// <param name="RetryAt">In UTC ticks; 0 with a permit.</param>
internal readonly record struct TakenSync(WaitingSync Sync, HostQueue Host, long BegunAt, Outcome? WithoutRequest, long RetryAt);
