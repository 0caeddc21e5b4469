using Actors.Git.Remotes;
using Actors.Store.Heads;

namespace Actors.Sync.Repositories;

/// <summary>How one sync ended.</summary>
/// <param name="Report">For people.</param>
/// <param name="Visit">For the head store: not recorded yet. Its objects, if any, are committed and durable.</param>
/// <param name="Failure">What the remote did, where it failed: evidence for its forge host's policy; null where it did not.</param>
public sealed record SyncResult(SyncReport Report, Visit Visit, RemoteFailure? Failure)
{
    /// <summary>Milliseconds until the remote first answered; null: it did not.</summary>
    public double? FirstAnswerMs { get; init; }

    /// <summary>What the host last said is left of its budget, where it did.</summary>
    public RateLimit? RateLimit { get; init; }
}
