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
        if (report.CloneBytes is { } clone && report.Outcome.IsSuccess())
        {
            BytesSaved += Math.Max(0, clone - report.BytesReceived);
        }

        CountTraffic(report);
    }

    /// <summary>Counts what a sync cost, also of one that is put back.</summary>
    public void CountTraffic(SyncReport report)
    {
        Objects += report.Objects;
        BytesReceived += report.BytesReceived;
        Requests += report.Requests;
    }
}
