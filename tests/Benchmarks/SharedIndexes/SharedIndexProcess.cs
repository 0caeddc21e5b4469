using Actors.Store.Blobs;
using Actors.Store.Catalogue;
using Actors.Store.Index.Ranges;
using Actors.Store.Postgres;

namespace Actors.Benchmarks.SharedIndexes;

/// <summary>What one process has of a shared store's index: the catalogue in PostgreSQL, blobs in a directory, a cache of its own.</summary>
internal sealed class SharedIndexProcess : IAsyncDisposable
{
    private const int Ranges = 16;

    private readonly PostgresDatabase _database;
    private readonly BlobCache _cache;

    private SharedIndexProcess(PostgresDatabase database, string folder, IndexSettings settings, bool holdsAll)
    {
        _database = database;
        Catalogue = new StoreCatalogue(database, TimeProvider.System, "benchmark");
        Blobs = new DirectoryBlobStore(Path.Combine(folder, "blobs"));
        _cache = BlobCache.Open(Blobs, Path.Combine(folder, "cache"), BlobCacheOptions.Default);
        SharedIndexOptions options = SharedIndexOptions.Default with { HoldsAll = holdsAll, PeerTimeout = TimeSpan.FromSeconds(5) };
        Index = new SharedIndex(Catalogue, new CatalogueView(), Blobs, _cache, settings, options, TimeProvider.System);
    }

    public StoreCatalogue Catalogue { get; }

    public DirectoryBlobStore Blobs { get; }

    public SharedIndex Index { get; }

    public static async Task<SharedIndexProcess> OpenAsync(string connectionString, string folder, bool holdsAll)
    {
        PostgresDatabase database = PostgresDatabase.Open(connectionString, TimeProvider.System, new Random(1));
        await PostgresSchema.ApplyAsync(database.Source, default);
        IndexSettings settings = await new StoreCatalogue(database, TimeProvider.System, "benchmark").MakeIndexSettingsAsync(Ranges, default);
        return new SharedIndexProcess(database, folder, settings, holdsAll);
    }

    public async ValueTask DisposeAsync()
    {
        await Index.DisposeAsync();
        await _cache.DisposeAsync();
        await Blobs.DisposeAsync();
        await _database.DisposeAsync();
    }
}
