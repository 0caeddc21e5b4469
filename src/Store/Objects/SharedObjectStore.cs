using System.Globalization;
using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Store.Blobs;
using Actors.Store.Catalogue;
using Actors.Store.Checks;
using Actors.Store.Index.Ranges;
using Actors.Store.Packs;
using Actors.Store.Postgres;
using Npgsql;

namespace Actors.Store.Objects;

/// <summary>
/// The object store that many machines share: packs are immutable blobs of an S3-compatible service, the catalogue of them lies in
/// PostgreSQL, and one transaction there makes a pack visible. Each process has a local cache of what it reads. Any number of
/// processes read and write; the README of this project has the protocol.
/// </summary>
public sealed partial class SharedObjectStore : IObjectStore, IIngestTarget, ICheckedStore
{
    private readonly SharedStoreOptions _options;
    private readonly TimeProvider _clock;
    private readonly IBlobStore _blobs;
    private readonly PostgresDatabase _database;
    private readonly StoreCatalogue _catalogue;
    private readonly CatalogueView _view = new();
    private readonly BlobCache _cache;
    private readonly CachedPackTable _packs;
    private readonly DeltaBaseCache _bases;
    private readonly SharedIndex _index;
    private readonly GroupCommit _group;
    private readonly SemaphoreSlim _compactions = new(1, 1);
    private readonly SemaphoreSlim _commitTurn = new(1, 1);
    private readonly SemaphoreSlim _reconsiders = new(1, 1);
    private int _openIngests;
    private readonly string _leaseHolder;
    private long _refreshed;
    private bool _mustRefresh;
    private bool _disposed;

    private SharedObjectStore(
        PostgresDatabase database, StoreCatalogue catalogue, IndexSettings settings, IBlobStore blobs, string cacheFolder, SharedStoreOptions options, TimeProvider clock)
    {
        (_database, _catalogue, _blobs, _options, _clock) = (database, catalogue, blobs, options, clock);
        _cache = BlobCache.Open(blobs, cacheFolder, BlobCacheOptions.Default with { BytesMax = options.CacheBytesMax, BlockBytes = options.BlockBytes });
        _leaseHolder = $"{Environment.MachineName}:{_cache.Folder}";
        _bases = new DeltaBaseCache(options.BaseCacheBytes);
        _packs = new CachedPackTable(_cache, _bases, options.OpenPacksMax);
        _index = new SharedIndex(catalogue, _view, blobs, _cache, settings, options.Index with { HoldsAll = options.IndexEndPoint is null }, clock);
        _group = new GroupCommit(PublishGroupAsync, () => Volatile.Read(ref _openIngests), options, clock);
    }

    /// <summary>Where the store is, for people and logs: without credentials.</summary>
    public string Location => $"{_blobs.Location}, {_catalogue.Location}";

    /// <summary>A folder of this process's own on the cache's disk, for what else it must put down; removed with the store.</summary>
    public string WorkFolder => Path.Combine(_cache.Folder, "work");

    bool IIngestTarget.FlushesIncoming => false;

    DeltaBaseCache IIngestTarget.Bases => _bases;

    /// <summary>Opens the store of a catalogue and its blobs; makes the catalogue's tables where there are none.</summary>
    /// <param name="connectionString">PostgreSQL, as Npgsql takes it.</param>
    /// <param name="blobs">Where the blobs are; disposed with the store.</param>
    /// <param name="cacheFolder">On a local disk; any number of processes may name the same one.</param>
    /// <param name="options">Limits.</param>
    /// <param name="clock">Dates what is written, and tells when to look for what others committed.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <exception cref="IOException">The database or the blobs cannot be reached, or refuse.</exception>
    public static async Task<SharedObjectStore> OpenAsync(
        string connectionString, IBlobStore blobs, string cacheFolder, SharedStoreOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        PostgresDatabase database = PostgresDatabase.Open(connectionString, clock, new Random(Environment.ProcessId));
        SharedObjectStore? store = null;
        try
        {
            await PostgresSchema.ApplyAsync(database.Source, cancellationToken).ConfigureAwait(false);
            var catalogue = new StoreCatalogue(database, clock, $"{Environment.MachineName}/{Environment.ProcessId}");
            IndexSettings settings = await catalogue.MakeIndexSettingsAsync(options.IndexRanges, cancellationToken).ConfigureAwait(false);
            store = new SharedObjectStore(database, catalogue, settings, blobs, cacheFolder, options, clock);
            _ = await store.RefreshAsync(cancellationToken).ConfigureAwait(false);
            if (options.IndexEndPoint is not null)
            {
                await store._index.ListenAsync(options.IndexEndPoint, options.IndexHost, cancellationToken).ConfigureAwait(false);
                store._index.BeginBeating();
            }

            return store;
        }
        catch (Exception failure)
        {
            if (store is not null)
            {
                await store.DisposeAsync().ConfigureAwait(false);
            }

            await database.DisposeAsync().ConfigureAwait(false);
            await blobs.DisposeAsync().ConfigureAwait(false);
            if (failure is NpgsqlException)
            {
                throw new PostgresStoreException(database.Name, $"The catalogue cannot be opened: {failure.Message}", failure);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public Task<IPackIngest> BeginIngestAsync(IngestOptions options, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        string directory = _cache.NewPath(".incoming");
        _ = Directory.CreateDirectory(directory);
        _ = Interlocked.Increment(ref _openIngests);
        return Task.FromResult<IPackIngest>(new PackIngest(this, options, directory));
    }

    /// <inheritdoc/>
    public async ValueTask<StoreFigures> ReadFiguresAsync(CancellationToken cancellationToken)
    {
        _ = await RefreshAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<CataloguePack> visible = _view.Visible();
        (long indexBytes, int indexRuns) = _index.ReadFigures();
        long aside = await _catalogue.CountAsideAsync(cancellationToken).ConfigureAwait(false);
        return new StoreFigures(visible.Count, visible.Sum(one => one.Objects), visible.Sum(one => one.Bytes), indexBytes, indexRuns, (int)aside);
    }

    /// <summary>Lets the store go. What was not committed is lost, and its uploads are swept.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _group.Dispose();
        await _index.DisposeAsync().ConfigureAwait(false);
        await _packs.DisposeAsync().ConfigureAwait(false);
        await _cache.DisposeAsync().ConfigureAwait(false);
        await _database.DisposeAsync().ConfigureAwait(false);
        await _blobs.DisposeAsync().ConfigureAwait(false);
    }

    void IIngestTarget.Forget(PackIngest ingest)
    {
        _ = Interlocked.Decrement(ref _openIngests);
        _group.Reconsider();
    }

    private void Step(string name) => _options.Step?.Invoke(name);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
