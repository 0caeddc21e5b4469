using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Repositories;

namespace Actors.Sync.Engines;

/// <summary>Hands on what a board's campaign tells.</summary>
internal sealed class BoardObserver(Action<SyncReport> ended, Action<CampaignProgress> progressed) : ICampaignObserver
{
    public void Began(CampaignState campaign, bool resumed)
    {
    }

    public void LineRejected(long lineNumber, string line, string reason)
    {
        // The report has it.
    }

    public void SyncEnded(SyncReport report) => ended(report);

    public void Progressed(CampaignProgress progress) => progressed(progress);
}
