using System.Globalization;
using Actors.Loaders.Objects;
using Actors.Loaders.Listings.Pages;

namespace Actors.Loaders.Listings.Forges;

/// <summary>
/// cgit's pages (git.zx2c4.com/cgit: <c>cgitrc.5.txt</c>, "max-repo-count", "clone-url", "clone-prefix"; its <c>ui-repolist.c</c> and <c>ui-shared.c</c> write them). The
/// index is a table with a cell of class <c>toplevel-repo</c> or <c>sublevel-repo</c> for each repository, further pages by <c>ofs</c>; where a repository is
/// cloned only its own page tells, by <c>rel='vcs-git'</c>.
/// </summary>
/// <param name="index">The index.</param>
internal sealed class CgitLister(Uri index) : ILister
{
    public Uri Forge { get; } = index;

    public string Accept => "text/html";

    public IReadOnlyList<string> FirstPaths { get; } = [index.PathAndQuery];

    public ListerAnswer Read(ListingReply reply)
    {
        List<ListedItem> items = [];
        bool isIndex = false, isName = false, isPager = false;
        long here = OffsetOf(reply.Address.PathAndQuery) ?? 0, nearest = long.MaxValue;
        string? next = null;
        HtmlTags tags = new(PageText.Of(reply.Bytes));
        while (tags.Next())
        {
            isIndex |= tags.Begins("table") && tags.Attribute("summary") == "repository list";
            isPager = (isPager && !tags.Ends("ul") && !tags.Ends("div")) || ((tags.Begins("ul") || tags.Begins("div")) && tags.HasClass("pager"));
            isName = (isName && !tags.Ends("td")) || (tags.Begins("td") && (tags.HasClass("toplevel-repo") || tags.HasClass("sublevel-repo")));
            if (tags.Begins("a") && tags.Attribute("href") is { } href && (isName || isPager))
            {
                string? path = PageText.PathOf(reply, href);
                if (isName)
                {
                    items.Add(new ListedItem { Name = tags.Attribute("title") ?? path?.Trim('/') ?? "", Detail = path, Lack = path is null ? "its page has no address" : null });
                    isName = false;
                }
                else if (path is not null && OffsetOf(path) is { } offset && offset > here && offset < nearest)
                {
                    (next, nearest) = (path, offset);
                }
            }
            else if (items.Count > 0 && tags.Begins("span") && tags.Attribute("class")?.StartsWith("age-", StringComparison.Ordinal) == true)
            {
                items[^1] = items[^1] with { UpdatedAt = items[^1].UpdatedAt ?? PageText.TimeOf(tags.Attribute("title")) };
            }
        }

        // An error page is no empty index; cgit writes the table even around nothing.
        return isIndex || items.Count > 0 ? new ListerAnswer(items, next) : throw new ArchiveException("not an index of cgit");
    }

    public IReadOnlyList<ListedItem> ReadDetail(ListedItem item, ListingReply reply)
    {
        List<string> urls = [];
        HtmlTags tags = new(PageText.Of(reply.Bytes));
        while (tags.Next())
        {
            if ((tags.Begins("a") || tags.Begins("link")) && tags.Attribute("rel") == "vcs-git" && tags.Attribute("href") is { } href)
            {
                urls.Add(href);
            }
        }

        return [item.With(urls)];
    }

    private static long? OffsetOf(string path) =>
        long.TryParse(PageText.Parameter(path, "ofs"), NumberStyles.None, CultureInfo.InvariantCulture, out long offset) ? offset : null;
}
