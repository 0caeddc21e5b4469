using Actors.Store.Heads;
using Actors.Sync.Repositories;

namespace Actors.Sync.Campaigns;

/// <summary>The sums over a campaign's report, from its first line to a certain one.</summary>
internal sealed record CampaignTotals
{
    /// <summary>Syncs, by outcome (index: the outcome's number).</summary>
    public long[] Outcomes { get; init; } = new long[OutcomeNames.All.Count + 1];

    public long Rejected { get; init; }

    /// <summary>The line of the list that was rejected last; 0: none. They are told in their order.</summary>
    public long LastRejected { get; init; }

    public long Objects { get; init; }

    public long BytesReceived { get; init; }

    public long BytesSaved { get; init; }

    public long Requests { get; init; }

    /// <summary>The sums with these lines too.</summary>
    public CampaignTotals With(IReadOnlyList<SyncReport> reports, IReadOnlyList<RejectedLine> rejected)
    {
        long[] outcomes = (long[])Outcomes.Clone();
        long saved = BytesSaved;
        foreach (SyncReport report in reports)
        {
            outcomes[(int)report.Outcome]++;
            saved += CampaignCounts.SavedBy(report);
        }

        return new CampaignTotals
        {
            Outcomes = outcomes,
            Rejected = Rejected + rejected.Count,
            LastRejected = rejected.Count > 0 ? rejected[^1].LineNumber : LastRejected,
            Objects = Objects + reports.Sum(report => report.Objects),
            BytesReceived = BytesReceived + reports.Sum(report => report.BytesReceived),
            BytesSaved = saved,
            Requests = Requests + reports.Sum(report => (long)report.Requests),
        };
    }
}
