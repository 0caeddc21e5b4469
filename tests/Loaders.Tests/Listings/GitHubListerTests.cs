using Actors.Git.Remotes;
using Actors.Loaders.Listings;
using Actors.Store.Listings;
using Actors.TestKit.Servers;
using Xunit;
using static Actors.Loaders.Tests.Listings.ListingBed;

namespace Actors.Loaders.Tests.Listings;

/// <summary>Answers in the shape of docs.github.com, "REST API endpoints for repositories".</summary>
public sealed class GitHubListerTests
{
    [Fact]
    public async Task All_public_repositories_come_page_by_page_and_the_end_says_where_new_ones_will_be()
    {
        await using ListingBed bed = new();
        bed.Put("/repositories?since=0", $"[{Minimal(1, "mojombo/grit")},{Minimal(26, "wycats/merb-core")}]", bed.Next("/repositories?since=26"));
        bed.Put("/repositories?since=26", $"[{Minimal(27, "rubinius/rubinius", fork: true)}]");
        List<ListedPage> pages = await ReadAsync(bed.Open("github:all", Api(bed)));
        Assert.Equal(["https://github.com/mojombo/grit", "https://github.com/wycats/merb-core", "https://github.com/rubinius/rubinius"], Urls(pages));
        Assert.Equal([false, true], pages.Select(page => page.IsLast));
        Assert.Equal(["0 /repositories?since=26", "0 /repositories?since=27"], pages.Select(page => page.Cursor));

        bed.Put("/repositories?since=27", $"[{Minimal(31, "new/one")}]");
        Assert.Equal(["https://github.com/new/one"], Urls(await ReadAsync(bed.Open("github:all", Api(bed)), pages[^1].Cursor)));
        bed.Put("/repositories?since=31", "[]");
        Assert.Equal("0 /repositories?since=31", Assert.Single(await ReadAsync(bed.Open("github:since=31", Api(bed)))).Cursor);
    }

    [Fact]
    public async Task An_organisations_repositories_have_size_and_last_push_and_a_person_is_asked_after_an_organisation()
    {
        await using ListingBed bed = new();
        const string Path = "/users/octocat/repos?per_page=100&sort=created&direction=asc";
        bed.Put(Path, """[{"id":1296269,"name":"Hello-World","full_name":"octocat/Hello-World","private":false,"html_url":"https://github.com/octocat/Hello-World","fork":false,"clone_url":"https://github.com/octocat/Hello-World.git","size":108,"pushed_at":"2011-01-26T19:06:43Z","created_at":"2011-01-26T19:01:12Z"}]""");
        ListedRepository one = Assert.Single(All(await ReadAsync(bed.Open("github:octocat", Api(bed)))));
        Assert.Equal((108 * 1024, new DateTimeOffset(2011, 1, 26, 19, 6, 43, TimeSpan.Zero), null), (one.SizeBytes, one.UpdatedAt, one.Parent));
        Assert.Equal(["/orgs/octocat/repos?per_page=100&sort=created&direction=asc", Path], bed.Server.Asked);
        (_, ListingException? failure) = await TryReadAsync(bed.Open("github:nobody", Api(bed)));
        Assert.Equal(RemoteFailureKind.NotFound, failure!.Failure.Kind);
    }

    [Fact]
    public async Task What_a_fork_is_a_fork_of_is_asked_of_its_own_answer_where_that_is_wanted()
    {
        await using ListingBed bed = new();
        bed.Put("/repositories?since=0", $"[{Minimal(1, "a/b", fork: true)},{Minimal(2, "c/d")},{Minimal(3, "gone/gone", fork: true)},{Minimal(4, "../x", fork: true)}]");
        bed.Put("/repos/a/b", """{"id":1,"full_name":"a/b","html_url":"https://github.com/a/b","fork":true,"size":2,"pushed_at":"2020-01-02T03:04:05Z","parent":{"html_url":"https://github.com/up/b"},"source":{"html_url":"https://github.com/root/b"}}""");
        ListedRepository[] all = All(await ReadAsync(bed.Open("github:all", Api(bed) with { AskParents = true })));
        Assert.Equal([("https://github.com/a/b", "https://github.com/up/b", 2048L), ("https://github.com/c/d", null, null), ("https://github.com/gone/gone", null, null)], all.Take(3).Select(one => (one.Url.ToString(), one.Parent?.ToString(), one.SizeBytes)));
        Assert.Equal(["/repos/a/b", "/repos/gone/gone", "/repositories?since=0"], bed.Server.Asked.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_token_is_sent_as_a_bearer_one_and_one_that_is_refused_is_not_sent_again()
    {
        await using ListingBed bed = new(new GitClientOptions
        {
            Credentials = new HostCredentials(new HostCredentialsOptions { Environment = name => name.StartsWith("ACTORS_TOKEN_127", StringComparison.Ordinal) ? "bad,good" : null }, TimeProvider.System),
        });
        List<string> tokens = [];
        await using CannedServer server = new(request =>
        {
            string token = request.HeadText.Split("\r\n").FirstOrDefault(line => line.StartsWith("Authorization: ", StringComparison.Ordinal)) ?? "none";
            tokens.Add(token);
            return token == "Authorization: Bearer bad" ? HttpAnswer.Of("{}"u8, 401) : HttpAnswer.Of("[]"u8);
        });
        Assert.True(Assert.Single(await ReadAsync(bed.Open("github:all", new ListingOptions { Api = server.Address }))).IsLast);
        Assert.Equal(["Authorization: Bearer bad", "Authorization: Bearer good"], tokens);
    }

    [Fact]
    public async Task The_primary_limit_is_waited_for_until_it_is_reset()
    {
        await using ListingBed bed = new();
        long reset = bed.Clock.GetUtcNow().AddMinutes(40).ToUnixTimeSeconds();
        bed.PutOnce("/repositories?since=0", 403, """{"message":"API rate limit exceeded"}""", "X-RateLimit-Limit: 60", "X-RateLimit-Remaining: 0", $"X-RateLimit-Reset: {reset}");
        bed.Put("/repositories?since=0", $"[{Minimal(1, "a/b")}]");
        List<(ForgeHost, DateTimeOffset)> told = [];
        bed.Client.Waiting = (host, until) => told.Add((host, until));
        Assert.Single(Urls(await ReadAsync(bed.Open("github:all", Api(bed)))));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(reset), Assert.Single(told).Item2);
    }

    [Theory]
    [InlineData("since=x")]
    [InlineData("..")]
    public void What_is_no_name_is_refused(string what) =>
        Assert.Throws<FormatException>(() => new ListingCatalog(null!, null!, new ListingOptions(), TimeProvider.System).Open(ListingSource.Parse("github:" + what)));

    internal static string Minimal(int id, string name, bool fork = false) =>
        $$"""{"id":{{id}},"node_id":"x","name":"n","full_name":"{{name}}","owner":{"login":"o"},"private":false,"html_url":"https://github.com/{{name}}","description":null,"fork":{{(fork ? "true" : "false")}},"url":"https://api.github.com/repos/{{name}}"}""";

    private static ListingOptions Api(ListingBed bed) => new() { Api = bed.Server.Address };
}
