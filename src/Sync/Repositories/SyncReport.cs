using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Outcomes;

namespace Actors.Sync.Repositories;

/// <summary>What one sync did: one line of a campaign's report.</summary>
public sealed record SyncReport
{
    public required RepositoryUrl Url { get; init; }

    public required Outcome Outcome { get; init; }

    /// <summary>The heads after this visit, or null when there never were any.</summary>
    public SnapshotId? Snapshot { get; init; }

    /// <summary>Selected refs that the remote showed; 0 when it was not parsed (unchanged) or failed.</summary>
    public int Refs { get; init; }

    /// <summary>Oids wanted, over all fetches of this visit.</summary>
    public int Wants { get; init; }

    /// <summary>Haves sent, over all fetches of this visit.</summary>
    public int Haves { get; init; }

    /// <summary>Objects new to the store.</summary>
    public long Objects { get; init; }

    /// <summary>Bytes of all answers.</summary>
    public long BytesReceived { get; init; }

    /// <summary>See <see cref="Visit.CloneBytes"/>; also for an unchanged repository whose size is known.</summary>
    public long? CloneBytes { get; init; }

    /// <summary>Requests sent.</summary>
    public int Requests { get; init; }

    /// <summary>Whole milliseconds from the permit to the commit.</summary>
    public long ElapsedMs { get; init; }

    /// <summary>The rungs of the strategy ladder that were tried, in order; the last one brought the objects.</summary>
    public IReadOnlyList<Rung> Rungs { get; init; } = [];

    /// <summary>Where permanent redirects led.</summary>
    public RepositoryUrl? MovedTo { get; init; }

    /// <summary>Redirects that were followed, permanent or not.</summary>
    public int Redirects { get; init; }

    /// <summary>When it makes sense to come again, where the outcome says.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Who is at fault, for a failing outcome.</summary>
    public Fault Fault { get; init; }

    /// <summary>For a person; null on success.</summary>
    public string? Error { get; init; }
}
