using Actors.Store.Heads;
using Actors.Sync.Campaigns;

namespace Actors.Client.Screens;

/// <summary>Sums over a progress.</summary>
internal static class ProgressCounts
{
    /// <summary>Syncs that ended with this outcome.</summary>
    public static long Count(this CampaignProgress progress, Outcome outcome) =>
        (int)outcome < progress.Outcomes.Count ? progress.Outcomes[(int)outcome] : 0;

    /// <summary>Syncs that ended.</summary>
    public static long Done(this CampaignProgress progress) => progress.Outcomes.Sum();

    /// <summary>Syncs that ended with an outcome that is no success.</summary>
    public static long Failed(this CampaignProgress progress) =>
        OutcomeNames.All.Where(o => !o.IsSuccess()).Sum(progress.Count);
}
