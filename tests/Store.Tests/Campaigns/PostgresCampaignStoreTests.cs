using Actors.Store.Campaigns;
using Actors.Store.Tests.Campaigns.Postgres;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Store.Tests.Campaigns;

public sealed class PostgresCampaignStoreTests(SharedPostgres shared) : CampaignStoreConformance, IAsyncLifetime
{
    private string _connection = "";
    private ICampaignStore? _store;

    protected override ICampaignStore Store => _store!;

    public async ValueTask InitializeAsync()
    {
        _connection = await CampaignDatabase.CreateAsync(await shared.StartAsync(Assert.Skip));
        _store = await CampaignDatabase.OpenAsync(_connection);
    }

    public override ValueTask DisposeAsync() => _store?.DisposeAsync() ?? default;

    protected override Task ExpireAsync() => CampaignDatabase.ExpireAsync(_connection);
}
