using System.Runtime.CompilerServices;
using Actors.Store.Listings;

namespace Actors.Loaders.Listings;

/// <summary>Names that a query gives, looked up in a distribution: the repositories of those packages, and which names it has not. The names are in memory.</summary>
/// <param name="rows">The query.</param>
/// <param name="lookUp">The distribution's listing of these names.</param>
internal sealed class NamedListing(QueryRows rows, Func<IReadOnlySet<string>?, IListing> lookUp) : IListing
{
    public string Source { get; } = $"sql:{rows.Place} in {lookUp(null).Source}";

    public async IAsyncEnumerable<ListedPage> ReadAsync(string? cursor, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlySet<string> names = await SqlListing.ReadNamesAsync(rows, cancellationToken).ConfigureAwait(false);
        await foreach (ListedPage page in lookUp(names).ReadAsync(cursor, cancellationToken).ConfigureAwait(false))
        {
            yield return page;
        }
    }
}
