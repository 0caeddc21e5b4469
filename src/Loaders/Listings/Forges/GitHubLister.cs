using System.Globalization;
using System.Text.Json;
using Actors.Git.Remotes;
using Actors.Loaders.Packages;

namespace Actors.Loaders.Listings.Forges;

/// <summary>
/// GitHub's REST API (docs.github.com, "REST API endpoints for repositories": List public repositories, List organization repositories, List repositories
/// for a user; "Using pagination in the REST API"). All public repositories come in the order of their numbers, 100 a page, from <c>since</c> on; an owner's
/// by the time of their making, so that what is pushed meanwhile moves nothing. <c>size</c> is in KiB; only an owner's list tells it, and <c>pushed_at</c>.
/// What a fork is a fork of stands in no list, but in the repository's own answer.
/// </summary>
internal sealed class GitHubLister : ILister
{
    private readonly bool _asksParents;

    /// <param name="what"><c>all</c>, <c>since=NUMBER</c>, or an organisation or person.</param>
    /// <param name="api">Where the API is; null: GitHub's own.</param>
    /// <param name="asksParents">Whether forks' own answers are asked.</param>
    /// <exception cref="FormatException">None of these.</exception>
    public GitHubLister(string what, Uri? api, bool asksParents)
    {
        (Forge, _asksParents) = (api ?? new Uri("https://api.github.com/"), asksParents);
        string root = Forge.AbsolutePath.TrimEnd('/');
        string? since = what == "all" ? "0" : what.StartsWith("since=", StringComparison.Ordinal) ? what["since=".Length..] : null;
        if (since is not null)
        {
            FirstPaths = long.TryParse(since, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
                ? [string.Create(CultureInfo.InvariantCulture, $"{root}/repositories?since={number}")]
                : throw new FormatException($"'{what}': since=NUMBER, with the number of a repository");
            return;
        }

        const string Order = "per_page=100&sort=created&direction=asc";
        string name = ForgeNames.Segment(what);
        FirstPaths = [$"{root}/orgs/{name}/repos?{Order}", $"{root}/users/{name}/repos?{Order}"];
    }

    public Uri Forge { get; }

    public ForgeHost CredentialsOf => Forge.Host == "api.github.com" ? ForgeHost.Parse("github.com") : Downloads.FileHosts.HostOf(Forge);

    public bool TokensOnly => true;

    public string Accept => "application/vnd.github+json";

    public IReadOnlyList<string> FirstPaths { get; }

    public ListerAnswer Read(ListingReply reply)
    {
        JsonElement[] entries = JsonPage.Entries(Json.Parse(reply.Bytes, strict: true));
        ListedItem[] items = [.. entries.Select(Item)];
        string? next = JsonPage.Linked(reply);
        if (!reply.Address.AbsolutePath.EndsWith("/repositories", StringComparison.Ordinal) || next is not null)
        {
            return new ListerAnswer(items, next ?? (reply.Link is null && entries.Length >= 100 ? JsonPage.Counted(reply, entries.Length) : null));
        }

        // The newest number so far: what is made later has a greater one.
        string? last = entries.Length == 0 ? null : entries[^1].Number("id")?.ToString(CultureInfo.InvariantCulture);
        return new ListerAnswer(items, null) { Later = last is null ? reply.Address.PathAndQuery : Pages.PageText.WithParameter(reply.Address, "since", last) };
    }

    public IReadOnlyList<ListedItem> ReadDetail(ListedItem item, ListingReply reply)
    {
        JsonElement entry = Json.Parse(reply.Bytes, strict: true);
        ListedItem said = Item(entry);
        return said.Urls.Count == 0 ? [item] : [said with { Detail = null }];
    }

    private ListedItem Item(JsonElement entry)
    {
        string name = entry.Text("full_name") ?? entry.Text("name") ?? "";
        JsonElement parent = entry.Get("parent");
        bool unknown = _asksParents && parent.ValueKind != JsonValueKind.Object && entry.Get("fork").ValueKind == JsonValueKind.True && name.Split('/') is [not ("" or "." or ".."), not ("" or "." or "..")];
        return new ListedItem
        {
            Name = name,
            Urls = entry.Text("html_url").AsUrls(),
            Parent = parent.Text("html_url"),
            SizeBytes = entry.Kibibytes("size"),
            UpdatedAt = entry.Time("pushed_at"),
            Detail = unknown ? $"{Forge.AbsolutePath.TrimEnd('/')}/repos/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}" : null,
        };
    }
}
