using Actors.Git.Remotes;
using Actors.Loaders.Listings;
using Actors.Loaders.Listings.Forges;
using Actors.Loaders.Listings.Pages;
using Actors.Loaders.Objects;
using Actors.Sync.Campaigns;

namespace Actors.Fuzz.Targets;

/// <summary>Pages of forges' listings, indexes and repositories' own, read by every lister; headers with links; addresses that are named.</summary>
public sealed class ListingPageTarget : IFuzzTarget
{
    private static readonly (ILister Lister, string Path)[] Listers =
    [
        (new GitHubLister("all", null, asksParents: true), "/repositories?since=5"), (new GitHubLister("o", null, asksParents: false), "/orgs/o/repos?page=2"),
        (new GitLabLister("h.example", null), "/api/v4/projects?pagination=keyset&id_after=4"), (new GitLabLister("h.example/g", null), "/api/v4/groups/g/projects?page=x"),
        (new GiteaLister("h.example", null), "/api/v1/repos/search?page=1"), (new BitbucketLister("w", null), "/2.0/repositories/w"),
        (new CgitLister(new Uri("https://h.example/cgit/")), "/cgit/?ofs=50"), (new GitwebLister(new Uri("https://h.example/")), "/"),
        (new SourceForgeLister("all", null), "/allura_sitemap/sitemap.xml#1"), (new SourceForgeLister("p", null), "/rest/p/p"),
    ];

    public string Name => "listing-page";

    public IEnumerable<byte[]> Seeds =>
    [
        """[{"id":7,"full_name":"a/b","html_url":"https://github.com/a/b","fork":true,"size":108,"pushed_at":"2011-01-26T19:06:43Z","parent":{"html_url":"https://github.com/c/b"}}]"""u8.ToArray(),
        """[{"id":4,"path_with_namespace":"a/b","http_url_to_repo":"https://h.example/a/b.git","last_activity_at":"2013-09-30T13:46:02.123Z","statistics":{"repository_size":1},"forked_from_project":{"http_url_to_repo":"https://h.example/c.git"}}]"""u8.ToArray(),
        """{"ok":true,"data":[{"full_name":"a/b","clone_url":"https://h.example/a/b.git","size":27,"updated_at":"2024-05-01T12:00:00+02:00","parent":{"clone_url":"https://h.example/c.git"}}]}"""u8.ToArray(),
        """{"values":[{"scm":"git","full_name":"w/r","size":3,"updated_on":"2015-08-18T01:25:14.1+00:00","links":{"clone":[{"name":"https","href":"https://u@bitbucket.org/w/r.git"}]},"parent":{"links":{"html":{"href":"https://bitbucket.org/x/r"}}}}],"next":"https://api.bitbucket.org/2.0/repositories/w?page=2"}"""u8.ToArray(),
        "<table summary='repository list'><tr><td class='toplevel-repo'><a title='r' href='/cgit/r/'>r</a></td><td><span class='age-days' title='2024-06-01 12:00:00 +0200'>4</span></td></tr></table><ul class='pager'><li><a href='/cgit/?ofs=100'>[3]</a></li></ul><link rel='vcs-git' href='https://h.example/r'/>"u8.ToArray(),
        "<table class=\"project_list\"><tr class=\"dark\"><td><a class=\"list\" href=\"?p=r.git;a=summary\">r.git</a></td></tr></table><tr id=\"metadata_lchange\"><td>last change</td><td><span>Sat, 1 Jun 2024 10:00:00 +0000</span></td></tr><tr class=\"metadata_url\"><td>URL</td><td>https://h.example/r.git</td></tr>"u8.ToArray(),
        "<?xml version=\"1.0\"?><sitemapindex><sitemap><loc>https://sourceforge.net/a.xml</loc><lastmod>2021-03-18</lastmod></sitemap><sitemap><loc>https://sourceforge.net/b.xml</loc></sitemap></sitemapindex>"u8.ToArray(),
        "<urlset><url><loc>https://sourceforge.net/projects/two/</loc><lastmod>2021-03-18</lastmod></url></urlset>"u8.ToArray(),
        """{"tools":[{"name":"git","mount_point":"code","clone_url_https_anon":"https://git.code.sf.net/p/p/code"}]}"""u8.ToArray(),
        "<https://h.example/x?page=2>; rel=\"next\", <https://h.example/>; rel=\"first\""u8.ToArray(),
    ];

    public IEnumerable<byte[]> Dictionary =>
    [
        "null"u8.ToArray(), "[]"u8.ToArray(), "{}"u8.ToArray(), "\\ud800"u8.ToArray(), "1e999"u8.ToArray(), "-1"u8.ToArray(), "9223372036854775807"u8.ToArray(), ".."u8.ToArray(), "%2e%2e"u8.ToArray(), "file:///"u8.ToArray(),
        "ext::"u8.ToArray(), "\\n"u8.ToArray(), ";"u8.ToArray(), "#"u8.ToArray(), "9999-12-31T23:59:59Z"u8.ToArray(), "0001-01-01"u8.ToArray(), "href="u8.ToArray(), "<!--"u8.ToArray(), "<script>"u8.ToArray(), "&#x10ffff;"u8.ToArray(),
        "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>"u8.ToArray(), "&e;"u8.ToArray(), "//evil.example"u8.ToArray(), "\\\\"u8.ToArray(), "rel=next"u8.ToArray(), "class='pager'"u8.ToArray(), "<loc>"u8.ToArray(), [0xff], [0],
    ];

    public int Iterations => 4_000;

    public void Run(ReadOnlySpan<byte> input)
    {
        byte[] bytes = input.ToArray();
        string text = PageText.Of(bytes);
        List<string> refusals = [];
        foreach ((ILister lister, string path) in Listers)
        {
            ListingReply reply = new(new PageCursor(path, 0).Under(lister.Forge), bytes) { Link = text.Length < 400 ? text : null };
            try
            {
                ListerAnswer answer = lister.Read(reply);
                Check(answer.Items, [answer.Next, answer.Through, answer.Later]);
            }
            catch (ArchiveException e)
            {
                // It may be another forge's.
                refusals.Add(e.Message);
            }

            try
            {
                Check(lister.ReadDetail(new ListedItem { Name = "r", Urls = [] }, reply), []);
            }
            catch (ArchiveException e)
            {
                refusals.Add(e.Message);
            }
        }

        if (refusals.Count > 0)
        {
            throw new Git.GitFormatException(default, string.Join("; ", refusals.Distinct()));
        }
    }

    /// <summary>Whatever a page says: what is asked next is a path of the forge, what is handed on is an address of the network that a list reads as itself.</summary>
    private static void Check(IReadOnlyList<ListedItem> items, string?[] paths)
    {
        foreach (string path in paths.Concat(items.Select(item => item.Detail)).OfType<string>())
        {
            if (!PageCursor.IsPath(path) || PageCursor.Parse(new PageCursor(path, 3).ToString()) != new PageCursor(path, 3) || new PageCursor(path, 0).Under(new Uri("https://forge.example/")).Host != "forge.example")
            {
                throw new InvalidOperationException($"'{path}' is no path of the forge.");
            }
        }

        foreach (ListedItem item in items)
        {
            if (ListedUrls.TryChoose([.. item.Urls, .. new[] { item.Parent, item.Name }.OfType<string>()], out RepositoryUrl url, out _)
                && (url.Scheme is not ("https" or "http" or "git" or "ssh") || ListLine.Parse(url.ToString()).Url != url || RepositoryUrl.Parse(url.ToString()) != url))
            {
                throw new InvalidOperationException($"'{url}' is handed on.");
            }

            if (item.UpdatedAt is { } time && time.ToUnixTimeMilliseconds() < 0)
            {
                throw new InvalidOperationException("A time that cannot be kept.");
            }
        }
    }
}
