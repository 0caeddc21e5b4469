using Actors.Sync.Repositories;

namespace Actors.Sync.Campaigns;

/// <summary>What became of a visit.</summary>
/// <param name="Report">With an end that is recorded; null: nothing was recorded, and the repository is to be visited again.</param>
/// <param name="IsPutBack">The host wants patience.</param>
public readonly record struct ChunkVisitEnd(SyncReport? Report, bool IsPutBack)
{
    /// <summary>Cut off by us (a permit lapsed, a process ended): nothing was recorded.</summary>
    public static ChunkVisitEnd CutOff => default;

    /// <summary>The host wants patience: nothing was recorded.</summary>
    public static ChunkVisitEnd PutBack => new(null, true);

    /// <summary>Ended and recorded.</summary>
    public static ChunkVisitEnd Ended(SyncReport report) => new(report, false);
}
