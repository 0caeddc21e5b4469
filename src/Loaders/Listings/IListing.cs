namespace Actors.Loaders.Listings;

/// <summary>One source's repositories, page after page; of all of them no more than a page is in memory.</summary>
public interface IListing
{
    /// <summary>Names it, without what may be secret: under this its cursor is kept.</summary>
    string Source { get; }

    /// <summary>The pages from a place on. Ends only when the source said that there is no more: whatever goes wrong is an exception.</summary>
    /// <param name="cursor">Of an earlier page, or null: from the beginning.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="ListingException">The source refuses, is silent for long, or answers what cannot be read; the last page's cursor is good.</exception>
    IAsyncEnumerable<ListedPage> ReadAsync(string? cursor, CancellationToken cancellationToken);
}
