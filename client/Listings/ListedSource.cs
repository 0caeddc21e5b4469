using System.Runtime.CompilerServices;
using Actors.Loaders.Listings;
using Actors.Store.Listings;

namespace Actors.Client.Listings;

/// <summary>
/// One source on its way: what its pages tell is kept before they are handed on, and where it is only when whoever took them says so. So a crash repeats
/// some of it and misses none.
/// </summary>
internal sealed class ListedSource(IListing listing, IListingStore store, ListFilter filter, TimeProvider clock)
{
    public string Name => listing.Source;

    /// <summary>Entries that are no repositories, so far.</summary>
    public long Rejected { get; private set; }

    /// <summary>Repositories handed on, so far.</summary>
    public long Listed { get; private set; }

    /// <summary>Told each entry that is no repository, or null.</summary>
    public Action<RejectedEntry>? Refused { get; init; }

    /// <summary>Told whether it goes on where an earlier run was.</summary>
    public Action<bool>? Begun { get; init; }

    /// <summary>The wanted repositories, page after page, each with the state to save when they are done.</summary>
    /// <param name="resume">Go on where an earlier run was.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<(IReadOnlyList<ListedRepository> Repositories, ListingState State)> ReadAsync(
        bool resume, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ListingState? earlier = resume ? await store.FindListingAsync(listing.Source, cancellationToken) : null;
        Begun?.Invoke(earlier?.Cursor is not null);
        ListingState state = earlier is { EndedAt: null } ? earlier : new ListingState { Source = listing.Source, StartedAt = clock.GetUtcNow() };
        await foreach (ListedPage page in listing.ReadAsync(earlier?.Cursor, cancellationToken))
        {
            await store.SaveListedAsync(page.Repositories, cancellationToken);
            foreach (RejectedEntry entry in page.Rejected)
            {
                Rejected++;
                Refused?.Invoke(entry);
            }

            IReadOnlyList<ListedRepository> wanted = await filter.ChooseAsync(page.Repositories, store, cancellationToken);
            Listed += wanted.Count;
            state = state with { Cursor = page.Cursor, Repositories = state.Repositories + page.Repositories.Count, EndedAt = page.IsLast ? clock.GetUtcNow() : null };
            yield return (wanted, state);
        }
    }
}
