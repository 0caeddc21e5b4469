using Actors.Store.Heads;
using Actors.Store.Objects;

namespace Actors.Client;

/// <summary>A store opened for reading, also while another process writes.</summary>
internal sealed class ReadingStore : IAsyncDisposable
{
    private ReadingStore(StorePlace place, IObjectStore objects, IHeadStore heads) => (Place, Objects, Heads) = (place, objects, heads);

    public StorePlace Place { get; }

    public IObjectStore Objects { get; }

    public IHeadStore Heads { get; }

    /// <exception cref="UserErrorException">There is no store, or it cannot be read.</exception>
    public static async Task<ReadingStore> OpenAsync(string place, TimeProvider clock, CancellationToken cancellationToken)
    {
        StorePlace at = StorePlace.Of(place);
        StoreFolder.Demand(at);
        if (at.Shared is { } shared)
        {
            (SharedObjectStore packs, IHeadStore all) = await StoreFolder.OpenSharedAsync(shared, clock, cancellationToken);
            return new ReadingStore(at, packs, all);
        }

        string folder = at.Folder!;
        LocalObjectStore objects = StoreFolder.Try(() => LocalObjectStore.Open(folder, StoreAccess.Read, clock));
        return new ReadingStore(at, objects, StoreFolder.Try(() => SqliteHeadStore.OpenForReading(StoreFolder.HeadsOf(folder))));
    }

    public async ValueTask DisposeAsync()
    {
        await Heads.DisposeAsync();
        await Objects.DisposeAsync();
    }
}
