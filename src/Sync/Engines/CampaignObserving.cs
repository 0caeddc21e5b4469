using Actors.Sync.Campaigns;

namespace Actors.Sync.Engines;

/// <summary>Calls an observer from several loops, one call at a time.</summary>
internal sealed class CampaignObserving(ICampaignObserver observer)
{
    private readonly Lock _gate = new();

    public void Tell<T>(Action<ICampaignObserver, T> call, T about)
    {
        lock (_gate)
        {
            call(observer, about);
        }
    }
}
