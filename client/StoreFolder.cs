using Actors.Store;
using Actors.Store.ExtIds;
using Actors.Store.Heads;
using Actors.Store.Listings;
using Actors.Store.Objects;

namespace Actors.Client;

/// <summary>What lies where in a store's folder, and what to say when it does not.</summary>
internal static class StoreFolder
{
    /// <summary>The head database's file.</summary>
    public static string HeadsOf(string path) => Path.Combine(path, "heads.sqlite");

    /// <summary>The database of external ids.</summary>
    public static string ExtIdsOf(string folder) => Path.Combine(folder, "extids.sqlite");

    /// <summary>The database of listings.</summary>
    public static string ListingsOf(string folder) => Path.Combine(folder, "listings.sqlite");

    /// <exception cref="UserErrorException">There is no store in this folder. Whether there is a shared one is seen when it is opened.</exception>
    public static void Demand(StorePlace place)
    {
        if (place.Folder is { } path && !File.Exists(HeadsOf(path)))
        {
            throw new UserErrorException($"there is no store at '{path}': 'actors sync … --store {path}' makes one, or --store names another");
        }
    }

    /// <summary>Both parts of a shared store.</summary>
    /// <exception cref="UserErrorException">One of them cannot be reached, or refuses.</exception>
    public static Task<(SharedObjectStore Objects, IHeadStore Heads)> OpenSharedAsync(SharedStoreSettings settings, TimeProvider clock, CancellationToken cancellationToken) =>
        TryAsync(async () =>
        {
            IHeadStore heads = await settings.OpenHeadsAsync(clock, RandomOf(clock), cancellationToken);
            try
            {
                return (await settings.OpenObjectsAsync(StorePlace.DefaultCache, clock, cancellationToken), heads);
            }
            catch
            {
                await heads.DisposeAsync();
                throw;
            }
        });

    /// <summary>A store's external ids for writing: a file beside the heads, or tables of a shared store.</summary>
    /// <exception cref="UserErrorException">They cannot be opened.</exception>
    public static Task<IExtIdStore> OpenExtIdsAsync(StorePlace place, TimeProvider clock, CancellationToken cancellationToken) =>
        TryAsync<IExtIdStore>(async () => place.Shared is { } shared
            ? await shared.OpenExtIdsAsync(clock, RandomOf(clock), cancellationToken)
            : SqliteExtIdStore.Open(ExtIdsOf(place.Folder!)));

    /// <summary>A store's listings: a file beside the heads, which several processes may use at once, or tables of a shared store.</summary>
    /// <exception cref="UserErrorException">They cannot be opened.</exception>
    public static Task<IListingStore> OpenListingsAsync(StorePlace place, TimeProvider clock, CancellationToken cancellationToken) =>
        TryAsync<IListingStore>(async () =>
        {
            if (place.Shared is { } shared)
            {
                return await shared.OpenListingsAsync(clock, RandomOf(clock), cancellationToken);
            }

            Directory.CreateDirectory(place.Folder!);
            return SqliteListingStore.Open(ListingsOf(place.Folder!));
        });

    /// <summary>A store's heads alone, for writing, beside whoever works on its objects.</summary>
    /// <exception cref="UserErrorException">They cannot be opened.</exception>
    public static Task<IHeadStore> OpenHeadsAsync(StorePlace place, TimeProvider clock, CancellationToken cancellationToken) =>
        TryAsync<IHeadStore>(async () => place.Shared is { } shared
            ? await shared.OpenHeadsAsync(clock, RandomOf(clock), cancellationToken)
            : SqliteHeadStore.Open(HeadsOf(place.Folder!)));

    /// <summary>Opening's own errors are for the person at the console.</summary>
    public static T Try<T>(Func<T> open)
    {
        try
        {
            return open();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(e.Message, e);
        }
    }

    private static async Task<T> TryAsync<T>(Func<Task<T>> open)
    {
        try
        {
            return await open();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(e.Message, e);
        }
    }

    private static Random RandomOf(TimeProvider clock) => new((int)clock.GetUtcNow().Ticks);
}
