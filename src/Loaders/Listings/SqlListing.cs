using System.Globalization;
using System.Runtime.CompilerServices;
using Actors.Git.Remotes;
using Actors.Loaders.Listings.Pages;
using Actors.Store.Listings;

namespace Actors.Loaders.Listings;

/// <summary>
/// What a person's query gives: in each row an address, and where there are more columns what it is a fork of, its bytes, and when it last changed. Rows are
/// read as they come. There is no cursor: a query is asked again as a whole, for only a database can say what comes after what.
/// </summary>
internal sealed class SqlListing(QueryRows rows, TimeProvider clock) : IListing
{
    public string Source { get; } = $"sql:{rows.Place}";

    public async IAsyncEnumerable<ListedPage> ReadAsync(string? cursor, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<ListedRepository> repositories = [];
        List<RejectedEntry> rejected = [];
        await foreach (IReadOnlyList<string?> row in SafeAsync(rows, Source, cancellationToken).ConfigureAwait(false))
        {
            string text = row.Count > 0 ? row[0]?.Trim() ?? "" : "";
            if (ListedUrls.TryChoose([text], out RepositoryUrl url, out string? reason))
            {
                repositories.Add(Listed(url, row));
            }
            else
            {
                rejected.Add(new RejectedEntry(text, reason));
            }

            if (repositories.Count + rejected.Count == Limits.ListedTogetherMax)
            {
                yield return new ListedPage { Repositories = repositories, Rejected = rejected };
                (repositories, rejected) = ([], []);
            }
        }

        yield return new ListedPage { Repositories = repositories, Rejected = rejected, IsLast = true };
    }

    /// <summary>The first column of all rows, to be looked up elsewhere.</summary>
    /// <exception cref="ListingException">The database refuses, or there are too many.</exception>
    public static async Task<IReadOnlySet<string>> ReadNamesAsync(QueryRows rows, CancellationToken cancellationToken)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        await foreach (IReadOnlyList<string?> row in SafeAsync(rows, rows.Place, cancellationToken).ConfigureAwait(false))
        {
            if (row.Count > 0 && row[0]?.Trim() is { Length: > 0 } name && names.Add(name) && names.Count > Limits.QueriedNamesMax)
            {
                throw new ListingException(new RemoteFailure(RemoteFailureKind.OverLimit, $"More than {Limits.QueriedNamesMax} names."), rows.Place);
            }
        }

        return names;
    }

    private ListedRepository Listed(RepositoryUrl url, IReadOnlyList<string?> row) => new()
    {
        Url = url,
        Parent = row.Count > 1 && row[1] is { } parent && ListedUrls.TryChoose([parent], out RepositoryUrl of, out _) ? of : null,
        SizeBytes = row.Count > 2 && long.TryParse(row[2], NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? size : null,
        UpdatedAt = row.Count > 3 ? PageText.TimeOf(row[3]) : null,
        ListedAt = clock.GetUtcNow(),
    };

    private static async IAsyncEnumerable<IReadOnlyList<string?>> SafeAsync(QueryRows rows, string where, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerator<IReadOnlyList<string?>> each = rows.ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (each.ConfigureAwait(false))
        {
            while (await NextAsync(each, where).ConfigureAwait(false))
            {
                yield return each.Current;
            }
        }
    }

    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<IReadOnlyList<string?>> each, string where)
    {
        try
        {
            return await each.MoveNextAsync().ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw new ListingException(new RemoteFailure(RemoteFailureKind.RemoteError, e.Message), where, e);
        }
    }
}
