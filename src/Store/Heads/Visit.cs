using Actors.Git.Remotes;

namespace Actors.Store.Heads;

/// <summary>One sync of one repository, as it is recorded.</summary>
public sealed partial record Visit
{
    public required RepositoryUrl Url { get; init; }

    /// <summary>1, 2, 3… for each repository; 0 when not recorded yet: the head store numbers.</summary>
    public long Number { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required Outcome Outcome { get; init; }

    public CampaignId Campaign { get; init; }

    /// <summary>Whole milliseconds.</summary>
    public long ElapsedMs { get; init; }

    /// <summary>The heads after this visit when they changed by it, and the digest of their advertisement; null: as they were.</summary>
    public Snapshot? NewSnapshot { get; init; }

    /// <summary>Digest of the advertisement that <see cref="NewSnapshot"/> was made from. Ignored without it.</summary>
    public AdvertisementDigest Digest { get; init; }

    /// <summary>Id of the heads after this visit; filled when read back.</summary>
    public SnapshotId? Snapshot { get; init; }

    /// <summary>Objects new to the store.</summary>
    public long Objects { get; init; }

    public long BytesReceived { get; init; }

    /// <summary>What a clone would have received, where a visit that fetched everything told; null: not known by this visit.</summary>
    public long? CloneBytes { get; init; }

    /// <summary>Not before this time again, or null.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    public RepositoryUrl? MovedTo { get; init; }

    /// <summary>For a person, at most 1,000 characters, without credentials; null on success.</summary>
    public string? Error { get; init; }
}
