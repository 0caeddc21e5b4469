using Actors.Git.Objects;
using Actors.Store.Blobs;
using Actors.Store.Objects;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Store.Tests.Objects;

/// <summary>The contract on PostgreSQL and some blobs.</summary>
public abstract class SharedObjectStoreConformance(SharedPostgres postgres) : ObjectStoreTests, IDisposable
{
    private SharedStores? _stores;

    private protected SharedPostgres Postgres => postgres;

    public void Dispose()
    {
        _stores?.Dispose();
        GC.SuppressFinalize(this);
    }

    protected override async Task<IObjectStore> OpenAsync() => await (await MakeAsync()).OpenAsync();

    protected override async Task<IObjectStore> OpenHoldingAsync(IReadOnlyList<KeyValuePair<Oid, GitObject>> objects)
    {
        SharedStores stores = await MakeAsync();
        await stores.PublishAsync(objects);
        return await stores.OpenAsync();
    }

    /// <summary>Opens empty blobs, the same at each call; null: in a directory.</summary>
    protected abstract Task<Func<IBlobStore>?> MakeBlobsAsync();

    private async Task<SharedStores> MakeAsync() => _stores = await SharedStores.MakeAsync(postgres, Assert.Skip, await MakeBlobsAsync());
}
