using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Repositories;

namespace Actors.Sync.Schedules;

/// <summary>Hears for a watch which visits ended, and passes everything on.</summary>
internal sealed class WatchObserver(Watch watch, ICampaignObserver next) : ICampaignObserver
{
    public void Began(CampaignState campaign, bool resumed) => next.Began(campaign, resumed);

    public void LineRejected(long lineNumber, string line, string reason)
    {
        if (RepositoryUrl.TryParse(line, out RepositoryUrl url, out _))
        {
            watch.Refused(url);
        }

        next.LineRejected(lineNumber, line, reason);
    }

    public void SyncEnded(SyncReport report)
    {
        watch.Ended(report);
        next.SyncEnded(report);
    }

    public void Progressed(CampaignProgress progress) => next.Progressed(progress);
}
