using System.Globalization;
using Actors.Git.Remotes;
using Actors.Loaders.Listings;
using Actors.Store.Listings;
using Xunit;
using static Actors.Loaders.Tests.Listings.ListingBed;

namespace Actors.Loaders.Tests.Listings;

/// <summary>Answers in the shape of docs.gitlab.com, "Projects API" and "REST API".</summary>
public sealed class GitLabListerTests
{
    private const string First = "/api/v4/projects?pagination=keyset&per_page=100&order_by=id&sort=asc";

    [Fact]
    public async Task All_projects_come_by_keyset_until_a_page_is_empty()
    {
        await using ListingBed bed = new();
        bed.Put(First, $"[{Project(4, "diaspora/diaspora-client")},{Project(6, "brightbox/puppet", "up/puppet")}]", bed.Next(First + "&id_after=6"));
        // A proxy before it took the header away: a page that is not empty is not the last.
        bed.Put(First + "&id_after=6", $"[{Project(9, "a/b")}]");
        bed.Put("/api/v4/projects?pagination=keyset&per_page=100&order_by=id&sort=asc&id_after=9", "[]");
        List<ListedPage> pages = await ReadAsync(bed.Open("gitlab:" + bed.Host));
        ListedRepository[] all = All(pages);
        Assert.Equal(
            [("https://gitlab.example.com/diaspora/diaspora-client.git", null), ("https://gitlab.example.com/brightbox/puppet.git", "https://gitlab.example.com/up/puppet.git"), ("https://gitlab.example.com/a/b.git", null)],
            all.Select(one => (one.Url.ToString(), one.Parent?.ToString())));
        // An hour more than it says: that is how rarely GitLab writes it.
        Assert.Equal(new DateTimeOffset(2013, 9, 30, 14, 46, 2, TimeSpan.Zero), all[0].UpdatedAt);
        Assert.True(pages[^1].IsLast);
        Assert.Equal($"0 {First}&id_after=9", pages[^1].Cursor);
    }

    [Fact]
    public async Task A_page_that_overlaps_repeats_nothing_and_a_renamed_project_is_listed_by_its_name_now()
    {
        await using ListingBed bed = new();
        bed.Put(First, $"[{Project(1, "a/old")},{Project(2, "a/b")}]", bed.Next(First + "&id_after=2"));
        bed.Put(First + "&id_after=2", $"[{Project(2, "a/b")},{Project(1, "a/renamed")},{Project(3, "a/c")},{Project(3, "a/c")}]", bed.Next(First + "&id_after=3"));
        bed.Put(First + "&id_after=3", "[]");
        Assert.Equal(["a/old", "a/b", "a/renamed", "a/c"], Urls(await ReadAsync(bed.Open("gitlab:" + bed.Host))).Select(url => url["https://gitlab.example.com/".Length..^4]));
    }

    [Fact]
    public async Task A_groups_projects_come_with_those_of_its_subgroups_by_page()
    {
        await using ListingBed bed = new();
        const string Path = "/api/v4/groups/go-team%2Fpackages/projects?include_subgroups=true&with_shared=false&per_page=100&order_by=id&sort=asc";
        bed.Put(Path, $"[{Project(1, "go-team/packages/a")}]", bed.Next(Path + "&page=2"));
        bed.Put(Path + "&page=2", $"[{Project(2, "go-team/packages/sub/b")}]", $"Link: <{bed.Host}{Path}>; rel=\"first\", <{bed.Host}{Path}&page=2>; rel=\"last\"");
        List<ListedPage> pages = await ReadAsync(bed.Open($"gitlab:{bed.Host}/go-team/packages"));
        Assert.Equal(2, Urls(pages).Length);
        Assert.Null(pages[^1].Cursor);
        // An offset is no place to go on from later: the next listing is a whole one.
        Assert.Equal(2, bed.Server.Asked.Count);
    }

    [Fact]
    public async Task Four_hundred_twenty_nine_is_waited_for_as_long_as_it_says_and_is_no_end()
    {
        await using ListingBed bed = new();
        bed.PutOnce(First, 429, "Retry later", "Retry-After: 30", "RateLimit-Remaining: 0");
        bed.Put(First, $"[{Project(1, "a/b")}]", bed.Next(First + "&id_after=1"));
        bed.PutOnce(First + "&id_after=1", 429, "Retry later", "Retry-After: 1800");
        bed.Put(First + "&id_after=1", "[]");
        DateTimeOffset began = bed.Clock.GetUtcNow();
        Assert.Single(Urls(await ReadAsync(bed.Open("gitlab:" + bed.Host))));
        Assert.Equal(TimeSpan.FromSeconds(1830), bed.Clock.GetUtcNow() - began);
        Assert.Equal(4, bed.Client.Requests);
    }

    [Fact]
    public async Task A_silence_of_more_than_an_hour_ends_the_listing_with_its_place()
    {
        await using ListingBed bed = new();
        bed.Put(First, $"[{Project(1, "a/b")}]", bed.Next(First + "&id_after=1"));
        bed.Server.PutRaw(First + "&id_after=1", TestKit.Servers.HttpAnswer.Of("Retry later"u8, 429, null, "Retry-After: 90000"));
        (List<ListedPage> pages, ListingException? failure) = await TryReadAsync(bed.Open("gitlab:" + bed.Host));
        Assert.Equal(RemoteFailureKind.Throttled, failure!.Failure.Kind);
        bed.Put(First + "&id_after=1", "[]");
        Assert.Equal($"0 {First}&id_after=1", Assert.Single(pages).Cursor);
        Assert.False(pages[0].IsLast);
    }

    internal static string Project(int id, string path, string? parent = null) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"id":{{id}},"description":null,"name":"n","path_with_namespace":"{{path}}","default_branch":"main","ssh_url_to_repo":"git@gitlab.example.com:{{path}}.git","http_url_to_repo":"https://gitlab.example.com/{{path}}.git","web_url":"https://gitlab.example.com/{{path}}","last_activity_at":"2013-09-30T13:46:02Z"{{(parent is null ? "" : $",\"forked_from_project\":{{\"id\":1,\"http_url_to_repo\":\"https://gitlab.example.com/{parent}.git\"}}")}}}""");
}
