using System.Text.Json;
using Actors.Loaders.Objects;
using Actors.Loaders.Packages;

namespace Actors.Loaders.Listings.Forges;

/// <summary>
/// The API of Gitea and Forgejo (docs.gitea.com, "API Usage": Pagination; an instance's own <c>/api/swagger</c>: repoSearch, orgListRepos, userListRepos).
/// All repositories come by search, in the order of their numbers; a server may give fewer a page than was asked for (50), so only an empty page, or a
/// <c>Link</c> header without a next one, is the end. <c>size</c> is in KiB; an answer tells a fork's <c>parent</c>.
/// </summary>
internal sealed class GiteaLister : ILister
{
    private const string Root = "api/v1/";

    /// <param name="where"><c>HOST</c>, or <c>HOST/OWNER</c>.</param>
    /// <param name="api">Where the API is, if not on that host.</param>
    /// <exception cref="FormatException">Not a host.</exception>
    public GiteaLister(string where, Uri? api)
    {
        (Forge, string owner) = ForgeNames.Split(where, api);
        string root = Forge.AbsolutePath + Root;
        FirstPaths = owner.Length == 0
            ? [$"{root}repos/search?sort=id&order=asc&limit=50&page=1"]
            : [$"{root}orgs/{ForgeNames.Segment(owner)}/repos?limit=50&page=1", $"{root}users/{ForgeNames.Segment(owner)}/repos?limit=50&page=1"];
    }

    public Uri Forge { get; }

    public string TokenWord => "token";

    public IReadOnlyList<string> FirstPaths { get; }

    public ListerAnswer Read(ListingReply reply)
    {
        JsonElement page = Json.Parse(reply.Bytes, strict: true);
        if (page.ValueKind == JsonValueKind.Object && page.Get("ok").ValueKind != JsonValueKind.True)
        {
            throw new ArchiveException("the search says that it failed");
        }

        JsonElement[] entries = JsonPage.Entries(page.ValueKind == JsonValueKind.Object ? page.Get("data") : page);
        return new ListerAnswer([.. entries.Select(Item)], JsonPage.Linked(reply) ?? (reply.Link is null ? JsonPage.Counted(reply, entries.Length) : null));
    }

    private static ListedItem Item(JsonElement entry) => new()
    {
        Name = entry.Text("full_name") ?? entry.Text("name") ?? "",
        Urls = entry.Text("clone_url").AsUrls(),
        Parent = entry.Get("parent").Text("clone_url"),
        SizeBytes = entry.Kibibytes("size"),
        UpdatedAt = entry.Time("updated_at"),
    };
}
