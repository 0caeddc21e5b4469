using System.Net;
using Actors.Store.Blobs;
using Actors.Store.Catalogue;
using Actors.Store.Index.Ranges;

namespace Actors.Store.Tests.Index.Ranges;

/// <summary>One process of a <see cref="SharedIndexWorld"/>: an index with a cache of its own.</summary>
internal sealed class SharedIndexInstance : IAsyncDisposable
{
    private readonly BlobCache _cache;

    public SharedIndexInstance(SharedIndexWorld world, SharedIndexOptions options, IBlobStore blobs)
    {
        Catalogue = new ReachableCatalogue(world.Catalogue);
        _cache = BlobCache.Open(blobs, world.Folder["cache"], BlobCacheOptions.Default with { BlockBytes = 4096 });
        Index = new SharedIndex(Catalogue, View, blobs, _cache, world.Settings, options, world.Clock);
    }

    public CatalogueView View { get; } = new();

    public ReachableCatalogue Catalogue { get; }

    public SharedIndex Index { get; }

    public long FetchedBytes => _cache.FetchedBytes;

    public Task RefreshAsync() => Index.RefreshAsync(default);

    public Task ListenAsync() => Index.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), "127.0.0.1", default);

    /// <summary>The process is gone, and nobody was told.</summary>
    public async Task KillAsync()
    {
        Catalogue.IsReachable = false;
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Index.DisposeAsync();
        await _cache.DisposeAsync();
    }
}
