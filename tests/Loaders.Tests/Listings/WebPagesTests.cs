using Actors.Loaders.Listings;
using Actors.Store.Listings;
using Xunit;
using static Actors.Loaders.Tests.Listings.ListingBed;

namespace Actors.Loaders.Tests.Listings;

/// <summary>cgit and gitweb, by pages as their programs write them (ui-repolist.c, ui-shared.c; gitweb.perl), of today and of long ago.</summary>
public sealed class WebPagesTests
{
    [Fact]
    public async Task Cgits_index_is_read_page_by_page_and_each_repository_asked_where_it_is_cloned()
    {
        await using ListingBed bed = new();
        bed.Put("/cgit/", CgitIndex(
            """
            <tr class='sublevel-repo-nope'><td class='sublevel-repo'><a title='one.git' href='/cgit/one.git/'>one.git</a></td><td><a href='/cgit/one.git/'>First &amp; best</a></td><td><a href='/cgit/?q=me'>me</a></td><td><span class='age-days' data-ut='1717236000' title='2024-06-01 12:00:00 +0200'>4 days</span></td><td><a class='button' href='/cgit/one.git/'>summary</a></td></tr>
            <tr><td class='toplevel-repo'><a title='no url' href='/cgit/no%20url/'>no url</a></td><td></td><td></td><td></td></tr>
            """,
            "<ul class='pager'><li><a class='current' href='/cgit/?ofs=0'>[1]</a></li><li><a href='/cgit/?ofs=2'>[2]</a></li><li><a href='/cgit/?ofs=4'>[3]</a></li><li><a href='/cgit/?ofs=2'>[next]</a></li></ul>"));
        bed.Put("/cgit/?ofs=2", CgitIndex(
            "<tr><td class='toplevel-repo'><a title='two' href='/cgit/two/'>two</a></td><td></td><td></td><td></td></tr>",
            "<div class='pager'><a href='/cgit/?ofs=0'>[1]</a><a href='/cgit/?ofs=2'>[2]</a></div>"));
        bed.Put("/cgit/one.git/", "<html><head><link rel='vcs-git' href='git://git.example/one.git' title='one.git Git repository'/>\n<link rel='vcs-git' href='https://git.example/one.git' title='one.git Git repository'/></head></html>");
        bed.Put("/cgit/no%20url/", "<html><table summary='repository info'></table></html>");
        bed.Put("/cgit/two/", "<tr><td colspan='3'><a rel='vcs-git' href='http://git.example/two' title='two Git repository'>http://git.example/two</a></td></tr>");
        List<ListedPage> pages = await ReadAsync(bed.Open($"cgit:{bed.Host}/cgit/"));
        ListedRepository[] all = All(pages);
        Assert.Equal(["https://git.example/one.git", "http://git.example/two"], all.Select(one => one.Url.ToString()));
        Assert.Equal(new DateTimeOffset(2024, 6, 1, 10, 0, 0, TimeSpan.Zero), all[0].UpdatedAt);
        RejectedEntry rejected = Assert.Single(pages.SelectMany(page => page.Rejected));
        Assert.Equal("no url", rejected.Name);
        Assert.Contains("--clone", rejected.Reason, StringComparison.Ordinal);
        Assert.Equal([false, true], pages.Select(page => page.IsLast));
    }

    [Fact]
    public async Task With_a_clone_prefix_no_repositorys_page_is_asked()
    {
        await using ListingBed bed = new();
        bed.Put("/", CgitIndex("<tr><td class='toplevel-repo'><a title='a/b.git' href='/a/b.git/'>a/b.git</a></td></tr>", ""));
        Assert.Equal(["https://git.example/pub/a/b.git"], Urls(await ReadAsync(bed.Open($"cgit:{bed.Host}/", new ListingOptions { ClonePrefix = "https://git.example/pub/" }))));
        Assert.Equal(["/"], bed.Server.Asked);
    }

    [Fact]
    public async Task Gitwebs_index_is_one_page_and_a_projects_page_tells_where_and_when()
    {
        await using ListingBed bed = new();
        bed.Put("/gitweb/", GitwebIndex("?p=git/git.git;a=summary", "git/git.git") + "");
        bed.Put("/gitweb/?p=git/git.git;a=summary", GitwebSummary("git://git.example/git/git.git</td></tr>\n<tr class=\"metadata_url\"><td></td><td>https://git.example/git/git.git", "Sat, 1 Jun 2024 10:00:00 +0000"));
        ListedRepository one = Assert.Single(All(await ReadAsync(bed.Open($"gitweb:{bed.Host}/gitweb/"))));
        Assert.Equal(("https://git.example/git/git.git", new DateTimeOffset(2024, 6, 1, 10, 0, 0, TimeSpan.Zero)), (one.Url.ToString(), one.UpdatedAt));
    }

    [Fact]
    public async Task Gitwebs_addresses_by_path_serve_as_well_and_names_come_from_their_text()
    {
        await using ListingBed bed = new();
        bed.Put("/gitweb/", GitwebIndex("/gitweb/a%20b.git", "a b.git"));
        Assert.Equal(["https://git.example/a%20b.git"], Urls(await ReadAsync(bed.Open($"gitweb:{bed.Host}/gitweb/", new ListingOptions { ClonePrefix = "https://git.example/" }))));
    }

    [Theory]
    [InlineData("cgit")]
    [InlineData("gitweb")]
    public async Task A_page_of_something_else_is_no_empty_index(string scheme)
    {
        await using ListingBed bed = new();
        bed.Put("/", "<html><h1>Down for maintenance</h1></html>");
        (List<ListedPage> pages, ListingException? failure) = await TryReadAsync(bed.Open($"{scheme}:{bed.Host}/"));
        Assert.Empty(pages);
        Assert.Equal(Git.Remotes.RemoteFailureKind.Malformed, failure!.Failure.Kind);
        Assert.Equal(Limits.ListingAttemptsMax, bed.Server.Asked.Count);
    }

    internal static string CgitIndex(string rows, string pager) =>
        $"<!DOCTYPE html>\n<html lang='en'>\n<head><title>Git</title></head><body><div id='cgit'><table id='header'><tr><td class='logo'><a href='/cgit/'><img src='/cgit.png'/></a></td></tr></table>"
        + $"<div class='content'><table summary='repository list' class='list nowrap'><tr class='nohover'><th class='left'><a href='/cgit/?s=name'>Name</a></th></tr>\n{rows}</table>{pager}</div></div></body></html>";

    internal static string GitwebIndex(string href, string name) =>
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!DOCTYPE html>\n<html><!-- git web interface version 2.39.2 --><body><table class=\"project_list\">\n<tr>\n<th>Project</th><th><a class=\"header\" href=\"/?o=age\">Last Change</a></th></tr>\n"
        + $"<tr class=\"dark\">\n<td><a class=\"list\" href=\"{href}\">{name}</a></td>\n<td><a class=\"list\" title=\"d\" href=\"{href}\">The description</a></td>\n<td><i>me</i></td>\n<td class=\"age2\">3 days ago</td>\n<td class=\"link\"><a href=\"{href}\">summary</a></td>\n</tr>\n</table></body></html>";

    private static string GitwebSummary(string url, string time) =>
        $"<table class=\"projects_list\">\n<tr id=\"metadata_desc\"><td>description</td><td>d</td></tr>\n<tr id=\"metadata_lchange\"><td>last change</td><td><span class=\"datetime\">{time}</span></td></tr>\n<tr class=\"metadata_url\"><td>URL</td><td>{url}</td></tr>\n</table>";
}
