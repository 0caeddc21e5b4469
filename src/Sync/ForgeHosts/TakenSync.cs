using Actors.Store.Heads;

namespace Actors.Sync.ForgeHosts;

/// <summary>A sync whose turn it is.</summary>
/// <param name="Sync">Which.</param>
/// <param name="Host">Whose permit it holds, unless it ends without request.</param>
/// <param name="BegunAt">When the permit was given, in UTC ticks.</param>
/// <param name="WithoutRequest">Not to be asked at all: ends with this outcome, to be retried at <paramref name="RetryAt"/>.</param>
/// <param name="RetryAt">In UTC ticks; 0 with a permit.</param>
internal readonly record struct TakenSync(WaitingSync Sync, HostQueue Host, long BegunAt, Outcome? WithoutRequest, long RetryAt)
{
    /// <summary>Who gave the permit: a host may have come to share another's budget since.</summary>
    public HostPolicy Policy { get; init; } = Host.Policy;

    /// <summary>The host's canary is to be asked, and nothing else: <see cref="Sync"/> names only its URL.</summary>
    public bool IsCanary { get; init; }
}
