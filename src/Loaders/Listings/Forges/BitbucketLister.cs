using System.Text.Json;
using Actors.Git.Remotes;
using Actors.Loaders.Objects;
using Actors.Loaders.Listings.Pages;
using Actors.Loaders.Packages;

namespace Actors.Loaders.Listings.Forges;

/// <summary>
/// Bitbucket Cloud's REST API 2.0 (developer.atlassian.com, "The Bitbucket Cloud REST API": Repositories, List public repositories, List repositories in a
/// workspace; "Pagination": <c>values</c>, and <c>next</c>, which is not to be made up). <c>size</c> is in bytes; a fork's <c>parent</c> is told.
/// </summary>
internal sealed class BitbucketLister : ILister
{
    /// <param name="what">A workspace, or <c>all</c>.</param>
    /// <param name="api">Where the API is; null: Bitbucket's own.</param>
    /// <exception cref="FormatException">Not a workspace's name.</exception>
    public BitbucketLister(string what, Uri? api)
    {
        Forge = api ?? new Uri("https://api.bitbucket.org/2.0/");
        string root = Forge.AbsolutePath.TrimEnd('/') + "/repositories";
        FirstPaths = [what == "all" ? $"{root}?pagelen=100" : $"{root}/{ForgeNames.Segment(what)}?pagelen=100&sort=created_on"];
    }

    public Uri Forge { get; }

    public ForgeHost CredentialsOf => Forge.Host == "api.bitbucket.org" ? ForgeHost.Parse("bitbucket.org") : Downloads.FileHosts.HostOf(Forge);

    public IReadOnlyList<string> FirstPaths { get; }

    public ListerAnswer Read(ListingReply reply)
    {
        JsonElement page = Json.Parse(reply.Bytes, strict: true);
        JsonElement[] entries = JsonPage.Entries(page.Get("values"));
        ListedItem[] items = [.. entries.Where(entry => entry.Text("scm") is null or "git").Select(Item)];
        return new ListerAnswer(items, page.Text("next") is { } next ? PageText.NextOf(reply, next) : null);
    }

    private static ListedItem Item(JsonElement entry)
    {
        JsonElement clone = entry.Get("links").Get("clone");
        JsonElement[] addresses = clone.ValueKind == JsonValueKind.Array ? [.. clone.EnumerateArray()] : [];
        return new ListedItem
        {
            Name = entry.Text("full_name") ?? "",
            Urls = [.. addresses.Where(one => one.Text("name") == "https").Select(one => one.Text("href")).OfType<string>()],
            // A parent is told without its clone addresses; that of its page with .git is one, and is how those are written.
            Parent = entry.Get("parent").Get("links").Get("html").Text("href") is { } parent ? parent + ".git" : null,
            SizeBytes = entry.Number("size"),
            UpdatedAt = entry.Time("updated_on"),
        };
    }
}
