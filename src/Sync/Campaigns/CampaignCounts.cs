using Actors.Store.Heads;
using Actors.Sync.Repositories;

namespace Actors.Sync.Campaigns;

/// <summary>What a run of a campaign counts. Not thread-safe.</summary>
internal sealed class CampaignCounts
{
    private readonly long[] _outcomes = new long[OutcomeNames.All.Count + 1];
    private readonly long[] _outcomesBefore = new long[OutcomeNames.All.Count + 1];

    /// <param name="before">Counts of the campaign before it was resumed (index: the outcome's number).</param>
    public CampaignCounts(IReadOnlyList<long> before)
    {
        for (int outcome = 0; outcome < Math.Min(before.Count, _outcomesBefore.Length); outcome++)
        {
            _outcomesBefore[outcome] = before[outcome];
        }
    }

    /// <summary>Goes on with what all runs before counted.</summary>
    public CampaignCounts(CampaignTotals before, CampaignPosition position)
        : this([])
    {
        before.Outcomes.AsSpan().CopyTo(_outcomes);
        (Objects, BytesReceived, BytesSaved, Requests) = (before.Objects, before.BytesReceived, before.BytesSaved, before.Requests);
        (Rejected, Duplicates, Skipped) = (before.Rejected, position.Duplicates, position.Skipped);
        Repositories = _outcomes.Sum();
    }

    public long LinesRead { get; set; }

    public long Repositories { get; set; }

    public long Duplicates { get; set; }

    public long Rejected { get; set; }

    public long Skipped { get; set; }

    public long Objects { get; private set; }

    public long BytesReceived { get; private set; }

    public long BytesSaved { get; private set; }

    public long Requests { get; private set; }

    /// <summary>Ends of this run, by outcome (index: the outcome's number).</summary>
    public long[] CopyOutcomes() => (long[])_outcomes.Clone();

    /// <summary>Ends of the campaign in all its runs.</summary>
    public long[] SumOutcomes()
    {
        long[] sum = CopyOutcomes();
        for (int outcome = 0; outcome < sum.Length; outcome++)
        {
            sum[outcome] += _outcomesBefore[outcome];
        }

        return sum;
    }

    /// <summary>Counts a sync whose visit is recorded.</summary>
    public void Count(SyncReport report)
    {
        _outcomes[(int)report.Outcome]++;
        BytesSaved += SavedBy(report);
        CountTraffic(report);
    }

    /// <summary>Bytes that a clone would have received beyond what the sync did.</summary>
    public static long SavedBy(SyncReport report) =>
        report.CloneBytes is { } clone && report.Outcome.IsSuccess() ? Math.Max(0, clone - report.BytesReceived) : 0;

    /// <summary>Counts what a sync cost, also of one that is put back.</summary>
    public void CountTraffic(SyncReport report)
    {
        Objects += report.Objects;
        BytesReceived += report.BytesReceived;
        Requests += report.Requests;
    }
}
