using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Store.Blobs;
using Actors.Store.Catalogue;
using Actors.Store.Objects;
using Actors.Store.Postgres;
using Actors.TestKit;
using Actors.TestKit.Servers;

namespace Actors.Store.Tests.Objects;

/// <summary>One shared store on a database and blobs of its own, which any number of stores open as if each were on another machine.</summary>
internal sealed class SharedStores : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Func<IBlobStore>? _blobs;

    private SharedStores(string connection, Func<IBlobStore>? blobs) => (Connection, _blobs) = (connection, blobs);

    public string Connection { get; }

    /// <summary>Where a directory of blobs is, when they are in one.</summary>
    public string BlobFolder => _folder["blobs"];

    public string CacheFolder => _folder["cache"];

    /// <summary>How stores are opened unless told otherwise: small blocks, no waiting.</summary>
    public static SharedStoreOptions Options { get; } = SharedStoreOptions.Default with
    {
        BlockBytes = 512,
        GroupWindow = TimeSpan.FromMilliseconds(5),
        RefreshInterval = TimeSpan.Zero,
    };

    /// <summary>A new empty store. Without <paramref name="blobs"/> they are in a directory.</summary>
    public static async Task<SharedStores> MakeAsync(SharedPostgres postgres, Action<string> skip, Func<IBlobStore>? blobs = null)
    {
        PostgresServer server = await postgres.StartAsync(skip);
        return new SharedStores(await server.CreateDatabaseAsync("shared_store", PrepareAsync) + ";Maximum Pool Size=20", blobs);
    }

    public IBlobStore OpenBlobs() => _blobs?.Invoke() ?? new DirectoryBlobStore(BlobFolder);

    public Task<SharedObjectStore> OpenAsync(SharedStoreOptions? options = null, IBlobStore? blobs = null, TimeProvider? clock = null) =>
        SharedObjectStore.OpenAsync(Connection, blobs ?? OpenBlobs(), CacheFolder, options ?? Options, clock ?? TimeProvider.System, default);

    /// <summary>Works on the catalogue as another process would.</summary>
    public async Task<T> WithCatalogueAsync<T>(Func<StoreCatalogue, Task<T>> work)
    {
        await using PostgresDatabase database = PostgresDatabase.Open(Connection, TimeProvider.System, new Random(1));
        return await work(new StoreCatalogue(database, TimeProvider.System, "test"));
    }

    /// <summary>Makes a pack visible whose index gives its entries ids that they may not have: what is stored is believed.</summary>
    public async Task PublishAsync(IReadOnlyList<KeyValuePair<Oid, GitObject>> objects)
    {
        await (await OpenAsync()).DisposeAsync();
        using var bytes = new MemoryStream();
        using var writer = new PackWriter(bytes, (uint)objects.Count);
        foreach ((Oid oid, GitObject one) in objects)
        {
            await writer.WriteObjectAsync(oid, one.Type, one.Content, default);
        }

        Oid checksum = await writer.FinishAsync(default);
        string index = _folder[$"{checksum}.idx"];
        writer.WriteIndex(index, checksum, fsync: false);
        await using IBlobStore blobs = OpenBlobs();
        await WithCatalogueAsync(async catalogue =>
        {
            UploadIntent upload = await catalogue.BeginUploadAsync(id => [BlobNames.Pack(checksum, id), BlobNames.PackIndex(checksum, id)], default);
            bytes.Position = 0;
            await blobs.PutAsync(upload.Keys[0], bytes, BlobPutOptions.Absent, default);
            await using FileStream file = File.OpenRead(index);
            await blobs.PutAsync(upload.Keys[1], file, BlobPutOptions.Absent, default);
            var pack = new NewPack(checksum, bytes.Length, file.Length, objects.Count, []);
            return await catalogue.CommitPackAsync(upload, pack, _ => Task.FromResult(true), default);
        });
    }

    public void Dispose() => _folder.Dispose();

    private static async Task PrepareAsync(string connection)
    {
        await using PostgresDatabase database = PostgresDatabase.Open(connection + ";Pooling=false", TimeProvider.System, new Random(1));
        await PostgresSchema.ApplyAsync(database.Source, default);
    }
}
