using Actors.Store.Heads;
using Actors.Store.Tests.Heads.Postgres;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Store.Tests.Schedules;

public sealed class PostgresScheduleTests(SharedPostgres shared) : ScheduleStoreConformance, IAsyncLifetime
{
    private string _connection = "";
    private IHeadStore? _store;

    protected override IHeadStore Heads => _store!;

    public async ValueTask InitializeAsync()
    {
        _connection = await HeadDatabase.CreateAsync(await shared.StartAsync(Assert.Skip));
        _store = await HeadDatabase.OpenAsync(_connection);
    }

    public override ValueTask DisposeAsync() => _store?.DisposeAsync() ?? default;

    protected override async ValueTask ReopenAsync()
    {
        await Heads.DisposeAsync();
        _store = await HeadDatabase.OpenAsync(_connection);
    }
}
