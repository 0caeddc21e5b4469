using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Repositories;

namespace Actors.Client.Commands;

/// <summary>Hears only that syncs end.</summary>
internal sealed class WorkspaceFetchObserver(Action<SyncReport> ended) : ICampaignObserver
{
    public void Began(CampaignState campaign, bool resumed)
    {
    }

    public void LineRejected(long lineNumber, string line, string reason)
    {
    }

    public void SyncEnded(SyncReport report) => ended(report);

    public void Progressed(CampaignProgress progress)
    {
    }
}
