using Actors.Loaders.Objects;
using Actors.Loaders.Listings.Pages;

namespace Actors.Loaders.Listings.Forges;

/// <summary>
/// gitweb's pages (git-scm.com, gitweb(1), "Actions without a project": project_list; gitweb.conf(5), <c>@git_base_url_list</c>; git's <c>gitweb/gitweb.perl</c> writes them). The
/// index is one page, a table of class <c>project_list</c>, in each row a link of class <c>list</c>; the project's own page has rows of class <c>metadata_url</c>
/// and the time of the last commit.
/// </summary>
/// <param name="index">The index.</param>
internal sealed class GitwebLister(Uri index) : ILister
{
    public Uri Forge { get; } = index;

    public string Accept => "text/html, application/xhtml+xml";

    public IReadOnlyList<string> FirstPaths { get; } = [index.PathAndQuery];

    public ListerAnswer Read(ListingReply reply)
    {
        List<ListedItem> items = [];
        bool isIndex = false, isRow = false;
        string? detail = null;
        HtmlTags tags = new(PageText.Of(reply.Bytes));
        while (tags.Next())
        {
            if (detail is not null && tags.Ends("a"))
            {
                // By query the address has the name; by path (gitweb.conf(5), "pathinfo") the text has it.
                items.Add(new ListedItem { Name = PageText.Parameter(detail, "p") ?? tags.TextBefore.Trim(), Detail = detail });
                detail = null;
            }

            isIndex = (isIndex && !tags.Ends("table")) || (tags.Begins("table") && tags.HasClass("project_list"));
            isRow = tags.Begins("tr") || (isRow && !tags.Ends("tr"));
            if (isIndex && isRow && tags.Begins("a") && tags.HasClass("list") && tags.Attribute("href") is { } href)
            {
                // The second link of a row is its description's, to the same page.
                (detail, isRow) = (PageText.PathOf(reply, href), false);
                if (detail is null)
                {
                    items.Add(new ListedItem { Name = href, Lack = "its page has no address" });
                }
            }
        }

        return items.Count > 0 ? new ListerAnswer(items, null) : throw new ArchiveException("not an index of gitweb");
    }

    public IReadOnlyList<ListedItem> ReadDetail(ListedItem item, ListingReply reply)
    {
        List<string> urls = [];
        DateTimeOffset? changed = null;
        (bool isUrl, bool isTime) = (false, false);
        HtmlTags tags = new(PageText.Of(reply.Bytes));
        while (tags.Next())
        {
            string text = isUrl || isTime ? tags.TextBefore.Trim() : "";
            if (isUrl)
            {
                urls.AddRange(text.Split([' ', ',', '\t', '\n', '\r', '\u00a0'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.Contains("://", StringComparison.Ordinal)));
            }
            else if (isTime)
            {
                changed ??= PageText.TimeOf(text);
            }

            isUrl = (isUrl && !tags.Ends("tr")) || (tags.Begins("tr") && tags.HasClass("metadata_url"));
            isTime = (isTime && !tags.Ends("tr")) || (tags.Begins("tr") && tags.Attribute("id") == "metadata_lchange");
        }

        return [item.With(urls) with { UpdatedAt = changed }];
    }
}
