using Actors.Sync.Campaigns;
using Actors.Sync.Repositories;

namespace Actors.Loaders.Loads;

/// <summary>Is told what a campaign of packages does. Calls come one at a time.</summary>
public interface IPackageObserver : ICampaignObserver
{
    /// <summary>A load ended, and its visit is recorded. Told in place of <see cref="ICampaignObserver.SyncEnded"/>, but for packages that were not asked for.</summary>
    void LoadEnded(SyncReport report, LoadReport load);
}
