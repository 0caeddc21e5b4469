using System.Runtime.CompilerServices;
using Actors.Git.Remotes;
using Actors.Loaders.Objects;
using Actors.Store.Listings;

namespace Actors.Loaders.Listings;

/// <summary>
/// A listing of pages, the same for every forge: 1 ask a page, 2 ask the entries' own pages where they have some, 3 check what is named, 4 hand on, 5 go
/// where the page says. Entries are handed on in order, some hundred together, each time with the place to go on from.
/// </summary>
internal sealed class PagedListing(string source, ILister lister, ListingClient client, ListingOptions options, TimeProvider clock) : IListing
{
    public string Source => source;

    public async IAsyncEnumerable<ListedPage> ReadAsync(string? cursor, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (PageCursor at, ListerAnswer answer) = cursor is null
            ? await AskFirstAsync(cancellationToken).ConfigureAwait(false)
            : await AskAsync(PageCursor.Parse(cursor), cancellationToken).ConfigureAwait(false);
        // Brent's: a forge that leads in a circle is found out with one path in memory.
        (string marked, long steps, long until) = (at.Path, 0, 1);
        HashSet<RepositoryUrl> before = [];
        while (true)
        {
            HashSet<RepositoryUrl> here = [];
            int passed = Math.Min(at.Passed, answer.Items.Count);
            do
            {
                IReadOnlyList<ListedItem> items = [.. answer.Items.Skip(passed).Take(answer.Items.Any(NeedsDetail) ? Limits.AskedTogetherMax : Limits.ListedTogetherMax)];
                passed += items.Count;
                ListedPage page = Check(await AskDetailsAsync(items, cancellationToken).ConfigureAwait(false), before, here);
                bool last = passed >= answer.Items.Count;
                yield return page with
                {
                    Cursor = !last ? new PageCursor(at.Path, passed).ToString()
                        : (answer.Next ?? answer.Later) is { } path ? new PageCursor(path, 0).ToString() : null,
                    IsLast = last && answer.Next is null,
                };
            }
            while (passed < answer.Items.Count);
            if (answer.Next is null)
            {
                yield break;
            }

            if (answer.Next == marked || answer.Next == at.Path)
            {
                throw new ListingException(new RemoteFailure(RemoteFailureKind.Malformed, "The pages lead in a circle."), lister.Forge.Host);
            }

            (marked, steps, until) = ++steps == until ? (answer.Next, 0, until * 2) : (marked, steps, until);
            before = here;
            (at, answer) = await AskAsync(new PageCursor(answer.Next, 0), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<(PageCursor At, ListerAnswer Answer)> AskFirstAsync(CancellationToken cancellationToken)
    {
        for (int choice = 0; ; choice++)
        {
            try
            {
                return await AskAsync(new PageCursor(lister.FirstPaths[choice], 0), cancellationToken).ConfigureAwait(false);
            }
            catch (ListingException e) when (e.Failure.Kind == RemoteFailureKind.NotFound && choice < lister.FirstPaths.Count - 1)
            {
                // Not an organisation: perhaps a person.
            }
        }
    }

    private async Task<(PageCursor At, ListerAnswer Answer)> AskAsync(PageCursor at, CancellationToken cancellationToken)
    {
        ListerAnswer answer = await client.AskAsync(lister, at.Under(lister.Forge), lister.Read, cancellationToken).ConfigureAwait(false);
        if (answer.Through is { } through)
        {
            ListerAnswer inside = await client.AskAsync(lister, new PageCursor(through, 0).Under(lister.Forge), lister.Read, cancellationToken).ConfigureAwait(false);
            answer = answer with { Items = inside.Items };
        }

        return (at, answer);
    }

    private bool NeedsDetail(ListedItem item) => item.Detail is not null && (options.ClonePrefix is null || item.Urls.Count > 0);

    private async Task<IReadOnlyList<ListedItem>> AskDetailsAsync(IReadOnlyList<ListedItem> items, CancellationToken cancellationToken)
    {
        if (!items.Any(NeedsDetail))
        {
            return items;
        }

        List<ListedItem> all = [];
        foreach (ListedItem[] some in items.Chunk(Limits.AskedAtOnce))
        {
            IReadOnlyList<ListedItem>[] found = await Task.WhenAll(some.Select(item => AskDetailAsync(item, cancellationToken))).ConfigureAwait(false);
            all.AddRange(found.SelectMany(one => one));
        }

        return all;
    }

    private async Task<IReadOnlyList<ListedItem>> AskDetailAsync(ListedItem item, CancellationToken cancellationToken)
    {
        if (!NeedsDetail(item))
        {
            return [item];
        }

        try
        {
            return await client.AskAsync(
                lister, new PageCursor(item.Detail!, 0).Under(lister.Forge), reply => lister.ReadDetail(item, reply), isOneOfMany: true, cancellationToken).ConfigureAwait(false);
        }
        catch (ListingException e) when (e.Failure.Kind is RemoteFailureKind.NotFound or RemoteFailureKind.Forbidden or RemoteFailureKind.Unauthorized
            or RemoteFailureKind.Malformed or RemoteFailureKind.ServerError or RemoteFailureKind.OverLimit or RemoteFailureKind.BadRedirect or RemoteFailureKind.RemoteError)
        {
            // This one's own trouble, or gone since it was listed: the others are there. What it told so far may do.
            return [item with { Lack = item.Lack ?? e.Failure.Message }];
        }
    }

    private ListedPage Check(IReadOnlyList<ListedItem> items, HashSet<RepositoryUrl> before, HashSet<RepositoryUrl> here)
    {
        List<ListedRepository> repositories = [];
        List<RejectedEntry> rejected = [];
        DateTimeOffset now = clock.GetUtcNow();
        foreach (ListedItem item in items)
        {
            IReadOnlyList<string> urls = item.Urls.Count == 0 && options.ClonePrefix is { } prefix ? [prefix + item.Name] : item.Urls;
            if (!ListedUrls.TryChoose(urls, out RepositoryUrl url, out string? reason))
            {
                rejected.Add(new RejectedEntry(item.Name, item.Lack ?? reason));
            }
            else if (here.Add(url) && !before.Contains(url))
            {
                repositories.Add(new ListedRepository
                {
                    Url = url,
                    Parent = item.Parent is { } parent && ListedUrls.TryChoose([parent], out RepositoryUrl of, out _) && of != url ? of : null,
                    SizeBytes = item.SizeBytes is >= 0 ? item.SizeBytes : null,
                    UpdatedAt = item.UpdatedAt,
                    ListedAt = now,
                });
            }
        }

        return new ListedPage { Repositories = repositories, Rejected = rejected };
    }
}
