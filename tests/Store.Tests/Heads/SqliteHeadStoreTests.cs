using Actors.Store.Heads;
using Actors.TestKit;

namespace Actors.Store.Tests.Heads;

public sealed class SqliteHeadStoreTests : HeadStoreConformance
{
    private readonly TemporaryFolder _folder = new();
    private IHeadStore _store;

    public SqliteHeadStoreTests() => _store = SqliteHeadStore.Open(_folder["heads.db"]);

    protected override IHeadStore Store => _store;

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
