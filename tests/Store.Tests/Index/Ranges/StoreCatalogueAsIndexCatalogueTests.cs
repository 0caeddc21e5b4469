using Actors.Store.Catalogue;
using Actors.Store.Index.Ranges;
using Actors.Store.Postgres;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Store.Tests.Index.Ranges;

public sealed class StoreCatalogueAsIndexCatalogueTests(SharedPostgres postgres) : IndexCatalogueConformance, IAsyncDisposable
{
    private PostgresDatabase? _database;

    private protected override async Task<IIndexCatalogue> OpenAsync()
    {
        PostgresServer server = await postgres.StartAsync(Assert.Skip);
        _database = PostgresDatabase.Open(await server.CreateDatabaseAsync("shared_store", PrepareAsync), TimeProvider.System, new Random(1));
        return new StoreCatalogue(_database, Clock, "test");
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    private static async Task PrepareAsync(string connection)
    {
        await using PostgresDatabase database = PostgresDatabase.Open(connection + ";Pooling=false", TimeProvider.System, new Random(1));
        await PostgresSchema.ApplyAsync(database.Source, default);
    }
}
