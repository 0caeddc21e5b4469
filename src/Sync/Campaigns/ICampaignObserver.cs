using Actors.Store.Heads;
using Actors.Sync.Repositories;

namespace Actors.Sync.Campaigns;

/// <summary>Is told what a campaign does. Calls come one at a time.</summary>
public interface ICampaignObserver
{
    /// <summary>The campaign is numbered, new or resumed; work begins.</summary>
    void Began(CampaignState campaign, bool resumed);

    /// <summary>A line that names no repository.</summary>
    void LineRejected(long lineNumber, string line, string reason);

    /// <summary>A sync ended, and its visit is recorded.</summary>
    void SyncEnded(SyncReport report);

    /// <summary>The state of things, a few times a second and once at the end.</summary>
    void Progressed(CampaignProgress progress);
}
