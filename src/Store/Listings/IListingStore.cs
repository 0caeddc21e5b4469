using Actors.Git.Remotes;

namespace Actors.Store.Listings;

/// <summary>
/// What listings of forges told, and how far each listing is. Batched; safe for concurrent calls and for several processes. All of it are hints
/// that the next listing tells again: a power loss may take the last ones back. Times are kept in whole milliseconds.
/// </summary>
public interface IListingStore : IAsyncDisposable
{
    /// <summary>Each at its URL's place; null where no listing named it.</summary>
    ValueTask<IReadOnlyList<ListedRepository?>> FindListedAsync(IReadOnlyList<RepositoryUrl> urls, CancellationToken cancellationToken);

    /// <summary>Adds or replaces, in one transaction; what a listing does not tell of a repository stays as an earlier one told it.</summary>
    ValueTask SaveListedAsync(IReadOnlyList<ListedRepository> repositories, CancellationToken cancellationToken);

    /// <summary>How far the listing of a source is, or null: it was never begun.</summary>
    ValueTask<ListingState?> FindListingAsync(string source, CancellationToken cancellationToken);

    /// <summary>Adds or replaces.</summary>
    ValueTask SaveListingAsync(ListingState state, CancellationToken cancellationToken);
}
