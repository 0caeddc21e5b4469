using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Listings;

namespace Actors.Client.Listings;

/// <summary>Which of the listed repositories are wanted.</summary>
internal sealed class ListFilter
{
    /// <summary>Only addresses with this text in them; null: all.</summary>
    public string? Containing { get; init; }

    /// <summary>Only those that changed at this time or later, and those of which no forge says.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only those that changed before this time, and those of which no forge says.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only those that these heads do not know; null: all.</summary>
    public IHeadStore? NotIn { get; init; }

    /// <summary>Repositories that were known already.</summary>
    public long Known { get; private set; }

    /// <summary>The wanted ones of a page, with what earlier listings told of them, too.</summary>
    public async Task<IReadOnlyList<ListedRepository>> ChooseAsync(IReadOnlyList<ListedRepository> page, IListingStore listings, CancellationToken cancellationToken)
    {
        ListedRepository[] wanted = [.. page.Where(one => Containing is null || one.Url.ToString().Contains(Containing, StringComparison.OrdinalIgnoreCase))];
        if (wanted.Length > 0 && (Since is not null || Until is not null))
        {
            IReadOnlyList<ListedRepository?> told = await listings.FindListedAsync([.. wanted.Select(one => one.Url)], cancellationToken);
            wanted = [.. wanted.Select((one, place) => one.UpdatedAt is null ? one with { UpdatedAt = told[place]?.UpdatedAt } : one).Where(InTime)];
        }

        if (wanted.Length == 0 || NotIn is not { } heads)
        {
            return wanted;
        }

        RepositoryUrl[] urls = [.. wanted.Select(one => one.Url)];
        IReadOnlyList<RepositoryState?> known = await heads.FindAsync(urls, cancellationToken);
        ListedRepository[] unknown = [.. wanted.Where((_, place) => known[place] is null)];
        Known += wanted.Length - unknown.Length;
        return unknown;
    }

    private bool InTime(ListedRepository one) => one.UpdatedAt is not { } updated || (!(updated < Since) && !(updated >= Until));
}
