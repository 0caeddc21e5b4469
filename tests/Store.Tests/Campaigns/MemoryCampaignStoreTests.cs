using Actors.Store.Campaigns;
using Actors.TestKit.Clocks;

namespace Actors.Store.Tests.Campaigns;

public sealed class MemoryCampaignStoreTests : CampaignStoreConformance
{
    private readonly ManualTimeProvider _clock = new();
    private readonly MemoryCampaignStore _store;

    public MemoryCampaignStoreTests() => _store = new MemoryCampaignStore(_clock, new Random(1));

    protected override ICampaignStore Store => _store;

    public override ValueTask DisposeAsync() => _store.DisposeAsync();

    protected override Task ExpireAsync()
    {
        _clock.Advance(TimeSpan.FromHours(2));
        return Task.CompletedTask;
    }
}
