using Actors.Sync.Repositories;

namespace Actors.Sync.Campaigns;

/// <summary>One line of a campaign's report. Either a sync that ended, or a line of the list that names no repository.</summary>
public sealed record ReportLine
{
    /// <summary>Of the report: grows with each line, may have gaps; reading goes on after it.</summary>
    public required long Number { get; init; }

    /// <summary>Null for a rejected line.</summary>
    public SyncReport? Sync { get; init; }

    /// <summary>Null for a sync.</summary>
    public RejectedLine? Rejected { get; init; }
}
