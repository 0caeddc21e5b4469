using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Repositories;

namespace Actors.Benchmarks.Unchanged;

/// <summary>Counts outcomes and keeps the last error.</summary>
internal sealed class CountingObserver : ICampaignObserver
{
    private readonly long[] _outcomes = new long[OutcomeNames.All.Count + 1];

    public string? Error { get; private set; }

    public long Outcomes(string name) => _outcomes[(int)OutcomeNames.All.Single(o => o.ToName() == name)];

    public void Reset() => Array.Clear(_outcomes);

    public void Began(CampaignState campaign, bool resumed)
    {
    }

    public void LineRejected(long lineNumber, string line, string reason) => Error = reason;

    public void SyncEnded(SyncReport report)
    {
        _outcomes[(int)report.Outcome]++;
        Error = report.Error ?? Error;
    }

    public void Progressed(CampaignProgress progress)
    {
    }
}
