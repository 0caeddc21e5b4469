using Actors.Sync.ForgeHosts;

namespace Actors.Sync.Campaigns;

/// <summary>How far a campaign is.</summary>
public sealed record CampaignProgress
{
    /// <summary>Since the campaign began or was resumed.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Lines read so far.</summary>
    public long LinesRead { get; init; }

    /// <summary>Lines from the start of the list that are all done: their visits are recorded.</summary>
    public long LinesDone { get; init; }

    /// <summary>True when <see cref="LinesRead"/> is all.</summary>
    public bool ListEnded { get; init; }

    /// <summary>Repositories taken up from the list so far: accepted, not duplicate, not skipped.</summary>
    public long Repositories { get; init; }

    /// <summary>Lines that named a repository of this campaign again.</summary>
    public long Duplicates { get; init; }

    /// <summary>Lines that named no repository.</summary>
    public long Rejected { get; init; }

    /// <summary>Repositories left alone: young enough, done before a resume, or not to be retried yet.</summary>
    public long Skipped { get; init; }

    /// <summary>Syncs ended, by outcome (index: the outcome's number).</summary>
    public required IReadOnlyList<long> Outcomes { get; init; }

    /// <summary>Syncs running now.</summary>
    public int Running { get; init; }

    /// <summary>Objects new to the store.</summary>
    public long Objects { get; init; }

    public long BytesReceived { get; init; }

    /// <summary>Bytes that clones of the same repositories would have received beyond <see cref="BytesReceived"/>; counts only repositories whose size is known.</summary>
    public long BytesSaved { get; init; }

    public long Requests { get; init; }

    /// <summary>Hosts with work, busiest first, at most 20.</summary>
    public IReadOnlyList<HostProgress> Hosts { get; init; } = [];
}
