using Actors.Git.Remotes;

namespace Actors.Store.Heads;

/// <summary>What the head database knows of a repository.</summary>
public sealed partial record RepositoryState
{
    public required RepositoryUrl Url { get; init; }

    /// <summary>The committed heads, or null before the first success.</summary>
    public SnapshotId? Snapshot { get; init; }

    /// <summary>Digest of the advertisement that <see cref="Snapshot"/> was made from.</summary>
    public AdvertisementDigest Digest { get; init; }

    /// <summary>Number of the last visit, from 1; 0 when never visited (imported).</summary>
    public long Visit { get; init; }

    /// <summary>When the last visit began.</summary>
    public DateTimeOffset VisitedAt { get; init; }

    /// <summary>How the last visit ended.</summary>
    public Outcome Outcome { get; init; }

    /// <summary>When the last visit with a successful outcome began, or null.</summary>
    public DateTimeOffset? SucceededAt { get; init; }

    /// <summary>The campaign of the last visit.</summary>
    public CampaignId Campaign { get; init; }

    /// <summary>Visits that failed since the last success.</summary>
    public int Failures { get; init; }

    /// <summary>Not before this time again, or null.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>The latest <see cref="Visit.CloneBytes"/> that was known, or null.</summary>
    public long? CloneBytes { get; init; }

    /// <summary>Where the remote last said that it moved, or null.</summary>
    public RepositoryUrl? MovedTo { get; init; }

    /// <summary>What many visits together say: gone for good, moved for good.</summary>
    public RepositoryEvidence Evidence { get; init; } = RepositoryEvidence.None;
}
