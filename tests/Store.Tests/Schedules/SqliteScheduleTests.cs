using Actors.Store.Heads;
using Actors.TestKit;

namespace Actors.Store.Tests.Schedules;

public sealed class SqliteScheduleTests : ScheduleStoreConformance
{
    private readonly TemporaryFolder _folder = new();
    private SqliteHeadStore _store;

    public SqliteScheduleTests() => _store = SqliteHeadStore.Open(_folder["heads.db"]);

    protected override IHeadStore Heads => _store;

    public override async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    protected override async ValueTask ReopenAsync()
    {
        await _store.DisposeAsync();
        _store = SqliteHeadStore.Open(_folder["heads.db"]);
    }
}
