using System.Globalization;
using System.Text.Json;
using Actors.Loaders.Listings.Pages;
using Actors.Loaders.Packages;

namespace Actors.Loaders.Listings.Forges;

/// <summary>
/// GitLab's REST API (docs.gitlab.com, "Projects API": List all projects; "Groups API": List projects; "REST API": Keyset-based pagination, Offset-based
/// pagination). All projects come by keyset (<c>id_after</c>), which neither misses nor repeats one and has no end of its offsets; a group's or a person's by
/// page. The answer for a fork has <c>forked_from_project</c>. <c>last_activity_at</c> is written at most once an hour, so a change may be up to an
/// hour later than it says: that hour is added, which costs a visit and misses none.
/// </summary>
internal sealed class GitLabLister : ILister
{
    private const int PerPage = 100;

    private const string Root = "api/v4/";

    private static readonly TimeSpan ActivityGrain = TimeSpan.FromHours(1);

    /// <param name="where"><c>HOST</c>, <c>HOST/GROUP</c>, <c>HOST/GROUP/SUBGROUP</c>, <c>HOST/PERSON</c>.</param>
    /// <param name="api">Where the API is, if not on that host.</param>
    /// <exception cref="FormatException">Not a host.</exception>
    public GitLabLister(string where, Uri? api)
    {
        (Forge, string group) = ForgeNames.Split(where, api);
        string root = Forge.AbsolutePath + Root;
        string order = string.Create(CultureInfo.InvariantCulture, $"per_page={PerPage}&order_by=id&sort=asc");
        FirstPaths = group.Length == 0
            ? [$"{root}projects?pagination=keyset&{order}"]
            : [$"{root}groups/{Uri.EscapeDataString(group)}/projects?include_subgroups=true&with_shared=false&{order}", $"{root}users/{Uri.EscapeDataString(group)}/projects?{order}"];
    }

    public Uri Forge { get; }

    public bool TokensOnly => true;

    public IReadOnlyList<string> FirstPaths { get; }

    public ListerAnswer Read(ListingReply reply)
    {
        JsonElement[] entries = JsonPage.Entries(Json.Parse(reply.Bytes, strict: true));
        ListedItem[] items = [.. entries.Select(Item)];
        if (PageText.Parameter(reply.Address.Query, "pagination") != "keyset")
        {
            return new ListerAnswer(items, JsonPage.Linked(reply) ?? (reply.Link is null ? JsonPage.Counted(reply, entries.Length) : null));
        }

        // "When the end of the collection is reached […] the resulting array is empty": a page that is not has one after it.
        string? after = entries.Length == 0 ? null : entries[^1].Number("id")?.ToString(CultureInfo.InvariantCulture);
        string? next = JsonPage.Linked(reply) ?? (after is null ? null : PageText.WithParameter(reply.Address, "id_after", after));
        return new ListerAnswer(items, next) { Later = next is null ? reply.Address.PathAndQuery : null };
    }

    private static ListedItem Item(JsonElement entry) => new()
    {
        Name = entry.Text("path_with_namespace") ?? entry.Text("name") ?? "",
        Urls = entry.Text("http_url_to_repo").AsUrls(),
        Parent = entry.Get("forked_from_project").Text("http_url_to_repo"),
        SizeBytes = entry.Get("statistics").Number("repository_size"),
        UpdatedAt = entry.Time("last_activity_at") + ActivityGrain,
    };
}
