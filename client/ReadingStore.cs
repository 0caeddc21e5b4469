using Actors.Store.Heads;
using Actors.Store.Objects;

namespace Actors.Client;

/// <summary>A store opened for reading, also while another process writes.</summary>
internal sealed class ReadingStore : IAsyncDisposable
{
    private ReadingStore(LocalObjectStore objects, SqliteHeadStore heads) => (Local, Heads) = (objects, heads);

    /// <summary>The objects as they lie here, for what looks at packs themselves.</summary>
    public LocalObjectStore Local { get; }

    public IObjectStore Objects => Local;

    public IHeadStore Heads { get; }

    /// <exception cref="UserErrorException">There is no store, or it cannot be read.</exception>
    public static ReadingStore Open(string path, TimeProvider clock)
    {
        StoreFolder.Demand(path);
        LocalObjectStore objects = StoreFolder.Try(() => LocalObjectStore.Open(path, StoreAccess.Read, clock));
        return new ReadingStore(objects, StoreFolder.Try(() => SqliteHeadStore.OpenForReading(StoreFolder.HeadsOf(path))));
    }

    public async ValueTask DisposeAsync()
    {
        await Heads.DisposeAsync();
        await Objects.DisposeAsync();
    }
}
