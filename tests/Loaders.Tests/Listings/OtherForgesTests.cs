using Actors.Loaders.Listings;
using Actors.Store.Listings;
using Xunit;
using static Actors.Loaders.Tests.Listings.ListingBed;

namespace Actors.Loaders.Tests.Listings;

/// <summary>Gitea, Bitbucket and SourceForge, by answers in the shapes of their documentation.</summary>
public sealed class OtherForgesTests
{
    private const string Search = "/api/v1/repos/search?sort=id&order=asc&limit=50&page=";

    [Fact]
    public async Task Giteas_search_goes_on_until_a_page_is_empty_however_few_a_server_gives()
    {
        await using ListingBed bed = new();
        bed.Put(Search + "1", $$"""{"ok":true,"data":[{{Gitea("a/b")}},{{Gitea("c/d", "a/b")}}]}""");
        bed.Put(Search + "2", $$"""{"ok":true,"data":[{{Gitea("e/f")}}]}""");
        bed.Put(Search + "3", """{"ok":true,"data":[]}""");
        List<ListedPage> pages = await ReadAsync(bed.Open("gitea:" + bed.Host));
        ListedRepository[] all = All(pages);
        Assert.Equal([("https://gitea.example/a/b.git", null), ("https://gitea.example/c/d.git", "https://gitea.example/a/b.git"), ("https://gitea.example/e/f.git", null)], all.Select(one => (one.Url.ToString(), one.Parent?.ToString())));
        Assert.Equal((27 * 1024, new DateTimeOffset(2024, 5, 1, 10, 0, 0, TimeSpan.Zero)), (all[0].SizeBytes, all[0].UpdatedAt));
        Assert.True(pages[^1].IsLast);
    }

    [Fact]
    public async Task Giteas_own_word_that_the_search_failed_is_not_the_end()
    {
        await using ListingBed bed = new();
        bed.PutOnce(Search + "1", 200, """{"ok":false,"error":"deadline exceeded"}""");
        bed.Put(Search + "1", $$"""{"ok":true,"data":[{{Gitea("a/b")}}]}""", $"Link: <{bed.Host}/x>; rel=\"last\"");
        Assert.Equal(["https://gitea.example/a/b.git"], Urls(await ReadAsync(bed.Open("gitea:" + bed.Host))));
    }

    [Fact]
    public async Task A_giteas_owner_is_an_organisation_or_else_a_person()
    {
        await using ListingBed bed = new();
        bed.Put("/api/v1/users/me/repos?limit=50&page=1", $"[{Gitea("me/x")}]");
        bed.Put("/api/v1/users/me/repos?limit=50&page=2", "[]");
        Assert.Equal(["https://gitea.example/me/x.git"], Urls(await ReadAsync(bed.Open($"gitea:{bed.Host}/me"))));
    }

    [Fact]
    public async Task Bitbuckets_pages_name_their_next_one_and_other_kinds_of_repositories_are_left_out()
    {
        await using ListingBed bed = new();
        bed.Put("/2.0/repositories/atlassian?pagelen=100&sort=created_on", $$"""{"pagelen":100,"values":[{{Bitbucket("atlassian/aui", "git", ",\"parent\":{\"full_name\":\"up/aui\",\"links\":{\"html\":{\"href\":\"https://bitbucket.org/up/aui\"}}}")}},{{Bitbucket("atlassian/old", "hg")}}],"next":"https://api.bitbucket.org/2.0/repositories/atlassian?pagelen=100&sort=created_on&page=2"}""");
        bed.Put("/2.0/repositories/atlassian?pagelen=100&sort=created_on&page=2", $$"""{"values":[{{Bitbucket("atlassian/two", "git")}}]}""");
        List<ListedPage> pages = await ReadAsync(bed.Open("bitbucket:atlassian", new ListingOptions { Api = new Uri(bed.Server.Address, "2.0/") }));
        ListedRepository[] all = All(pages);
        // The person's name in the clone address is not kept.
        Assert.Equal(["https://bitbucket.org/atlassian/aui.git", "https://bitbucket.org/atlassian/two.git"], all.Select(one => one.Url.ToString()));
        Assert.Equal(("https://bitbucket.org/up/aui.git", 33_348_707L, new DateTimeOffset(2015, 8, 18, 1, 25, 14, TimeSpan.Zero)), (all[0].Parent.ToString(), all[0].SizeBytes, all[0].UpdatedAt!.Value.AddTicks(-(all[0].UpdatedAt!.Value.Ticks % TimeSpan.TicksPerSecond))));
        Assert.True(pages[^1].IsLast);
    }

    [Fact]
    public async Task A_sourceforge_projects_git_tools_are_listed_and_its_other_tools_are_not()
    {
        await using ListingBed bed = new();
        bed.Put("/rest/p/two", SourceForge("two"));
        Assert.Equal(["https://git.code.sf.net/p/two/code", "https://git.code.sf.net/p/two/site"], Urls(await ReadAsync(bed.Open("sourceforge:two", new ListingOptions { Api = bed.Server.Address }))));
    }

    [Fact]
    public async Task All_of_sourceforge_is_its_sitemaps_each_project_asked_once_a_file()
    {
        await using ListingBed bed = new();
        bed.Put("/allura_sitemap/sitemap.xml", """<?xml version="1.0" encoding="UTF-8"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://sourceforge.net/allura_sitemap/sitemap-0.xml</loc><lastmod>2021-03-18</lastmod></sitemap><sitemap><loc>https://sourceforge.net/allura_sitemap/sitemap-1.xml</loc></sitemap></sitemapindex>""");
        bed.Put("/allura_sitemap/sitemap-0.xml", """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://sourceforge.net/projects/two/</loc><lastmod>2021-03-18</lastmod></url><url><loc>https://sourceforge.net/p/two/code/</loc></url><url><loc>https://sourceforge.net/u/person/</loc></url><url><loc>https://sourceforge.net/projects/gone/</loc></url></urlset>""");
        bed.Put("/allura_sitemap/sitemap-1.xml", """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://sourceforge.net/projects/none/</loc></url></urlset>""");
        bed.Put("/rest/p/two", SourceForge("two"));
        bed.Put("/rest/p/none", """{"shortname":"none","status":"active","tools":[]}""");
        List<ListedPage> pages = await ReadAsync(bed.Open("sourceforge:all", new ListingOptions { Api = bed.Server.Address }));
        ListedRepository[] all = All(pages);
        Assert.Equal(2, all.Length);
        // A day more than it says, for it says days.
        Assert.Equal(new DateTimeOffset(2021, 3, 19, 0, 0, 0, TimeSpan.Zero), all[0].UpdatedAt);
        Assert.Equal("gone", Assert.Single(pages.SelectMany(page => page.Rejected)).Name);
        Assert.Equal(["0 /allura_sitemap/sitemap.xml#1", null], pages.Select(page => page.Cursor));
        Assert.Equal(3, bed.Server.Asked.Count(path => path.StartsWith("/rest/", StringComparison.Ordinal)));

        // The second file alone, after a crash.
        Assert.Empty(Urls(await ReadAsync(bed.Open("sourceforge:all", new ListingOptions { Api = bed.Server.Address }), pages[0].Cursor)));
        Assert.Equal(4, bed.Server.Asked.Count(path => path.StartsWith("/rest/", StringComparison.Ordinal)));
    }

    private static string Gitea(string name, string? parent = null) =>
        $$"""{"id":1,"full_name":"{{name}}","empty":false,"fork":{{(parent is null ? "false" : "true")}},"parent":{{(parent is null ? "null" : Gitea(parent))}},"mirror":false,"size":27,"html_url":"https://gitea.example/{{name}}","clone_url":"https://gitea.example/{{name}}.git","updated_at":"2024-05-01T12:00:00+02:00"}""";

    private static string Bitbucket(string name, string scm, string more = "") =>
        $$"""{"scm":"{{scm}}","full_name":"{{name}}","size":33348707,"updated_on":"2015-08-18T01:25:14.123456+00:00","links":{"clone":[{"name":"https","href":"https://someone@bitbucket.org/{{name}}.git"},{"name":"ssh","href":"ssh://git@bitbucket.org/{{name}}.git"}]}{{more}}}""";

    private static string SourceForge(string name) =>
        $$"""{"shortname":"{{name}}","status":"active","tools":[{"name":"git","mount_point":"code","clone_url_https_anon":"https://git.code.sf.net/p/{{name}}/code","clone_url_ro":"git://git.code.sf.net/p/{{name}}/code"},{"name":"svn","mount_point":"svn","clone_url_https_anon":"https://svn.code.sf.net/p/{{name}}/svn"},{"name":"git","mount_point":"site","clone_url_https_anon":"https://git.code.sf.net/p/{{name}}/site"},{"name":"wiki","mount_point":"wiki"}]}""";
}
