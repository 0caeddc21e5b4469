using Actors.Sync.Campaigns;

namespace Actors.Sync.Mirrors;

/// <summary>Is told what a campaign of mirrors does. Calls come one at a time.</summary>
public interface IMirrorObserver : ICampaignObserver
{
    /// <summary>A mirror is published, or is not.</summary>
    void MirrorEnded(MirrorReport report);

    /// <summary>The state of things, when a mirror begins and when one ends.</summary>
    void MirrorsProgressed(MirrorProgress progress);
}
