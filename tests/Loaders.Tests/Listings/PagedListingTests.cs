using System.Globalization;
using System.Text;
using Actors.Git.Remotes;
using Actors.Loaders.Listings;
using Actors.TestKit.Servers;
using Xunit;
using static Actors.Loaders.Tests.Listings.ListingBed;

namespace Actors.Loaders.Tests.Listings;

/// <summary>What is the same for all forges: nothing that goes wrong is an end, and every place can be gone on from.</summary>
public sealed class PagedListingTests
{
    private const string First = "/api/v4/projects?pagination=keyset&per_page=100&order_by=id&sort=asc";

    [Theory]
    [InlineData(500, "", "")]
    [InlineData(502, "<html>Bad gateway</html>", "")]
    [InlineData(503, "", "Retry-After: 7")]
    [InlineData(403, "Forbidden", "")]
    [InlineData(200, "", "")]
    [InlineData(200, "<html>Sorry</html>", "")]
    [InlineData(200, "{\"message\":\"500 Internal Server Error\"}", "")]
    [InlineData(200, "[{\"id\":1},7]", "")]
    [InlineData(200, "[{\"id\":5,", "")]
    [InlineData(200, "null", "")]
    public async Task What_a_page_fails_with_is_passed_over_and_never_taken_for_the_end(int status, string body, string header)
    {
        await using ListingBed bed = new();
        bed.Put(First, $"[{GitLabListerTests.Project(1, "a/b")}]", bed.Next(First + "&id_after=1"));
        bed.PutOnce(First + "&id_after=1", status, body, header.Length == 0 ? [] : [header]);
        bed.Put(First + "&id_after=1", $"[{GitLabListerTests.Project(2, "a/c")}]", bed.Next(First + "&id_after=2"));
        bed.Put(First + "&id_after=2", "[]");
        Assert.Equal(2, Urls(await ReadAsync(bed.Open("gitlab:" + bed.Host))).Length);
    }

    [Theory]
    [InlineData(404, RemoteFailureKind.NotFound)]
    [InlineData(401, RemoteFailureKind.Unauthorized)]
    [InlineData(400, RemoteFailureKind.RemoteError)]
    [InlineData(500, RemoteFailureKind.ServerError)]
    public async Task A_page_that_stays_away_ends_the_listing_as_a_failure_that_a_later_run_goes_on_from(int status, RemoteFailureKind kind)
    {
        await using ListingBed bed = new();
        bed.Put(First, $"[{GitLabListerTests.Project(1, "a/b")}]", bed.Next(First + "&id_after=1"));
        bed.Server.PutRaw(First + "&id_after=1", HttpAnswer.Of("no"u8, status));
        (List<ListedPage> pages, ListingException? failure) = await TryReadAsync(bed.Open("gitlab:" + bed.Host));
        Assert.Equal(kind, failure!.Failure.Kind);
        Assert.False(Assert.Single(pages).IsLast);
        bed.Put(First + "&id_after=1", $"[{GitLabListerTests.Project(2, "a/c")}]", bed.Next(First + "&id_after=2"));
        bed.Put(First + "&id_after=2", "[]");
        Assert.Equal(["https://gitlab.example.com/a/c.git"], Urls(await ReadAsync(bed.Open("gitlab:" + bed.Host), pages[0].Cursor)));
    }

    [Fact]
    public async Task A_body_that_is_cut_off_is_asked_for_again()
    {
        await using ListingBed bed = new();
        byte[] page = Encoding.UTF8.GetBytes($"[{GitLabListerTests.Project(1, "a/b")}]");
        bed.Server.PutOnce(First, HttpAnswer.Of(page.AsSpan(0, page.Length / 2), 200, page.Length));
        bed.Server.PutRaw(First, HttpAnswer.Of(page, 200, null, bed.Next(First + "&id_after=1")));
        bed.Put(First + "&id_after=1", "[]");
        Assert.Single(Urls(await ReadAsync(bed.Open("gitlab:" + bed.Host))));
    }

    [Fact]
    public async Task A_huge_page_is_handed_on_in_parts_and_a_run_goes_on_within_it()
    {
        await using ListingBed bed = new();
        const int Count = (2 * Limits.ListedTogetherMax) + 7;
        bed.Put(First, $"[{string.Join(',', Enumerable.Range(1, Count).Select(i => GitLabListerTests.Project(i, string.Create(CultureInfo.InvariantCulture, $"a/p{i}"))))}]", bed.Next(First + "&id_after=9"));
        bed.Put(First + "&id_after=9", "[]");
        List<ListedPage> pages = await ReadAsync(bed.Open("gitlab:" + bed.Host));
        Assert.Equal([Limits.ListedTogetherMax, Limits.ListedTogetherMax, 7, 0], pages.Select(page => page.Repositories.Count));
        for (int place = 0; place < pages.Count - 1; place++)
        {
            Assert.Equal(Urls(pages.Skip(place + 1)), Urls(await ReadAsync(bed.Open("gitlab:" + bed.Host), pages[place].Cursor)));
        }
    }

    [Fact]
    public async Task A_page_that_is_larger_than_any_ends_the_listing()
    {
        await using ListingBed bed = new();
        bed.Server.PutRaw(First, HttpAnswer.Head(200, $"Content-Length: {Limits.ListingBytesMax + 2}").Concat(new byte[Limits.ListingBytesMax + 2]).ToArray());
        (_, ListingException? failure) = await TryReadAsync(bed.Open("gitlab:" + bed.Host));
        Assert.Equal(RemoteFailureKind.OverLimit, failure!.Failure.Kind);
    }

    [Fact]
    public async Task Pages_that_lead_in_a_circle_are_found_out()
    {
        await using ListingBed bed = new();
        for (int page = 0; page < 5; page++)
        {
            bed.Put(page == 0 ? First : $"{First}&id_after={page}", "[]", bed.Next($"{First}&id_after={(page == 4 ? 2 : page + 1)}"));
        }

        (List<ListedPage> pages, ListingException? failure) = await TryReadAsync(bed.Open("gitlab:" + bed.Host));
        Assert.Contains("circle", failure!.Failure.Message, StringComparison.Ordinal);
        Assert.InRange(pages.Count, 5, 20);
    }

    [Fact]
    public async Task A_next_page_on_another_host_is_asked_of_the_forge_itself()
    {
        await using ListingBed bed = new();
        await using RegistryServer other = new();
        bed.Put(First, $"[{GitLabListerTests.Project(1, "a/b")}]", $"Link: <{other.Address}api/v4/projects?x=1>; rel=\"next\"");
        bed.Put("/api/v4/projects?x=1", "[]", "Link: <x>; rel=\"last\"");
        Assert.Single(Urls(await ReadAsync(bed.Open("gitlab:" + bed.Host))));
        Assert.Empty(other.Asked);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("ext::sh -c id")]
    [InlineData("-oProxyCommand=id")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://")]
    [InlineData("https://host.example")]
    [InlineData("\\u0000https://h.example/a")]
    [InlineData("https://h.example/a\\nhttps://i.example/b")]
    [InlineData("")]
    public async Task An_address_that_is_none_of_the_network_is_told_and_not_handed_on(string address)
    {
        await using ListingBed bed = new();
        bed.Put(First, $$"""[{"id":1,"path_with_namespace":"bad","http_url_to_repo":"{{address}}"},{{GitLabListerTests.Project(2, "a/b")}}]""", bed.Next(First + "&id_after=2"));
        bed.Put(First + "&id_after=2", "[]");
        List<ListedPage> pages = await ReadAsync(bed.Open("gitlab:" + bed.Host));
        Assert.Equal(["https://gitlab.example.com/a/b.git"], Urls(pages));
        Assert.Equal("bad", Assert.Single(pages[0].Rejected).Name);
    }

    [Fact]
    public async Task What_a_list_would_read_as_something_else_is_written_as_an_address_writes_it()
    {
        await using ListingBed bed = new();
        bed.Put(First, $"[{GitLabListerTests.Project(1, "a;b/c d")}]", bed.Next(First + "&id_after=1"));
        bed.Put(First + "&id_after=1", "[]");
        Assert.Equal(["https://gitlab.example.com/a%3Bb/c%20d.git"], Urls(await ReadAsync(bed.Open("gitlab:" + bed.Host))));
    }

    [Fact]
    public async Task A_server_that_works_for_strangers_reaches_no_private_address()
    {
        await using ListingBed bed = new(new GitClientOptions { AllowPrivate = false });
        bed.Put(First, "[]");
        (_, ListingException? failure) = await TryReadAsync(bed.Open("gitlab:" + bed.Host));
        Assert.NotNull(failure);
        Assert.Empty(bed.Server.Asked);
    }

    [Fact]
    public async Task A_token_does_not_follow_a_redirect_to_another_host()
    {
        List<string> seen = [];
        await using CannedServer other = new(request =>
        {
            seen.Add(request.HeadText);
            return HttpAnswer.Of("[]"u8);
        });
        await using ListingBed bed = new(new GitClientOptions
        {
            Credentials = new HostCredentials(new HostCredentialsOptions { Environment = name => name.StartsWith("ACTORS_TOKEN_127", StringComparison.Ordinal) ? "t0ken" : null }, TimeProvider.System),
        });
        bed.Server.PutRaw(First, HttpAnswer.Of([], 302, null, $"Location: {other.Address}elsewhere"));
        Assert.True(Assert.Single(await ReadAsync(bed.Open("gitlab:" + bed.Host))).IsLast);
        Assert.DoesNotContain("t0ken", Assert.Single(seen), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0 http://h.example/")]
    [InlineData("-1 /x")]
    [InlineData("0 /x y")]
    public void What_is_no_cursor_is_refused(string text) => Assert.Throws<FormatException>(() => PageCursor.Parse(text));

    [Fact]
    public void A_cursor_stays_with_its_forge_however_its_path_begins() =>
        Assert.Equal("http://forge.example//evil.example/x", PageCursor.Parse("3 //evil.example/x").Under(new Uri("http://forge.example/")).AbsoluteUri);
}
