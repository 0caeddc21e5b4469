namespace Actors.Loaders.Listings;

/// <summary>What a page of a listing says.</summary>
/// <param name="Items">Its entries, in order.</param>
/// <param name="Next">Path and query (and the lister's own mark after <c>#</c>) of the next page; null: the forge says that there is none.</param>
internal sealed record ListerAnswer(IReadOnlyList<ListedItem> Items, string? Next)
{
    /// <summary>The entries are in this document instead; <see cref="Next"/> holds.</summary>
    public string? Through { get; init; }

    /// <summary>After the last page: where entries that come later will be found; null: only from the beginning.</summary>
    public string? Later { get; init; }
}
