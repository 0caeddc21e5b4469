using System.Globalization;
using System.Text.Json;
using System.Xml;
using Actors.Loaders.Objects;
using Actors.Loaders.Listings.Pages;
using Actors.Loaders.Packages;

namespace Actors.Loaders.Listings.Forges;

/// <summary>
/// SourceForge (sourceforge.net/p/forge/documentation/Allura API: "Project", <c>tools</c>; sitemaps.org, "Sitemaps XML format"). Its API has no list of projects, its
/// sitemap names them all: an index of files, each with some thousand addresses, of which a project has several. Which of a project's tools is git, and where it
/// is cloned, the project's answer says. A sitemap's dates are whole days: the day is added to them.
/// </summary>
internal sealed class SourceForgeLister : ILister
{
    private const string Sitemap = "/allura_sitemap/sitemap.xml";

    private readonly bool _all;

    /// <param name="what">A project, or <c>all</c>.</param>
    /// <param name="api">Where it is; null: SourceForge.</param>
    /// <exception cref="FormatException">Not a project's name.</exception>
    public SourceForgeLister(string what, Uri? api)
    {
        (Forge, _all) = (api ?? new Uri("https://sourceforge.net/"), what == "all");
        FirstPaths = [_all ? Sitemap + "#0" : DetailOf(what)];
    }

    public Uri Forge { get; }

    public string Accept => "application/json, application/xml";

    public IReadOnlyList<string> FirstPaths { get; }

    public ListerAnswer Read(ListingReply reply)
    {
        if (!_all)
        {
            return new ListerAnswer(Tools(new ListedItem { Name = reply.Address.Segments[^1] }, reply), null);
        }

        (bool isIndex, List<(Uri Address, DateTimeOffset? ChangedAt)> places) = ReadSitemap(reply);
        if (!isIndex)
        {
            return new ListerAnswer([.. places.Select(Project).OfType<ListedItem>().DistinctBy(item => item.Name)], null);
        }

        int number = int.TryParse(reply.Address.Fragment.AsSpan(reply.Address.Fragment.Length > 0 ? 1 : 0), NumberStyles.None, CultureInfo.InvariantCulture, out int place) ? place : 0;
        return number >= places.Count
            ? new ListerAnswer([], null)
            : new ListerAnswer([], number + 1 < places.Count ? string.Create(CultureInfo.InvariantCulture, $"{Sitemap}#{number + 1}") : null) { Through = PageText.NextOf(reply, places[number].Address.AbsoluteUri) };
    }

    public IReadOnlyList<ListedItem> ReadDetail(ListedItem item, ListingReply reply) => Tools(item, reply);

    private static List<ListedItem> Tools(ListedItem project, ListingReply reply)
    {
        JsonElement answer = Json.Parse(reply.Bytes, strict: true);
        JsonElement tools = answer.Get("tools");
        if (tools.ValueKind != JsonValueKind.Array)
        {
            throw new ArchiveException("the project's answer lists no tools");
        }

        List<ListedItem> items = [];
        foreach (JsonElement tool in tools.EnumerateArray().Where(tool => tool.Text("name") == "git"))
        {
            items.Add(project with
            {
                Name = $"{project.Name}/{tool.Text("mount_point")}",
                Urls = [.. new[] { tool.Text("clone_url_https_anon"), tool.Text("clone_url_ro") }.OfType<string>()],
                Detail = null,
            });
        }

        return items;
    }

    /// <summary>A project's addresses are <c>/projects/NAME/…</c> and <c>/p/NAME/…</c>; other neighbourhoods are <c>/u/NAME</c>, persons' own.</summary>
    private static ListedItem? Project((Uri Address, DateTimeOffset? ChangedAt) place)
    {
        string[] segments = place.Address.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return segments is ["p" or "projects", { Length: > 0 and <= 100 } name, ..] && Uri.UnescapeDataString(name) is not ("." or "..")
            ? new ListedItem { Name = Uri.UnescapeDataString(name), Detail = DetailOf(Uri.UnescapeDataString(name)), UpdatedAt = place.ChangedAt + TimeSpan.FromDays(1) }
            : null;
    }

    private static (bool IsIndex, List<(Uri Address, DateTimeOffset? ChangedAt)> Places) ReadSitemap(ListingReply reply)
    {
        List<(Uri, DateTimeOffset?)> places = [];
        try
        {
            XmlReaderSettings settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = Limits.ListingBytesMax };
            using var xml = XmlReader.Create(new MemoryStream(reply.Bytes.ToArray(), writable: false), settings);
            XmlNodeType root = xml.MoveToContent();
            bool isIndex = xml.LocalName == "sitemapindex";
            if (root != XmlNodeType.Element || (!isIndex && xml.LocalName != "urlset"))
            {
                throw new ArchiveException("not a sitemap");
            }

            string element = "";
            while (xml.Read())
            {
                element = xml.NodeType switch { XmlNodeType.Element => xml.LocalName, XmlNodeType.EndElement => "", _ => element };
                if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA && element == "loc" && Json.AddressOf(xml.Value.Trim()) is { } address)
                {
                    places.Add((address, null));
                }
                else if (xml.NodeType == XmlNodeType.Text && element == "lastmod" && places.Count > 0)
                {
                    places[^1] = (places[^1].Item1, PageText.TimeOf(xml.Value.Trim()));
                }
            }

            return (isIndex, places);
        }
        catch (XmlException e)
        {
            throw new ArchiveException($"not a sitemap: {e.Message}", e);
        }
    }

    private static string DetailOf(string project) => $"/rest/p/{ForgeNames.Segment(project)}";
}
