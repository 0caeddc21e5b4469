using Actors.Loaders.Loads;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Repositories;

namespace Actors.Loaders.Tests.Loads;

/// <summary>Writes down what a campaign tells.</summary>
internal sealed class Recorder : IPackageObserver
{
    public List<(SyncReport Report, LoadReport Load)> Ended { get; } = [];

    public List<(long Line, string Text, string Reason)> Rejected { get; } = [];

    public void Began(CampaignState campaign, bool resumed)
    {
    }

    public void LineRejected(long lineNumber, string line, string reason) => Rejected.Add((lineNumber, line, reason));

    public void SyncEnded(SyncReport report) => throw new InvalidOperationException("A load was not told as one.");

    public void LoadEnded(SyncReport report, LoadReport load) => Ended.Add((report, load));

    public void Progressed(CampaignProgress progress)
    {
    }
}
