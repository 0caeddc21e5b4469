using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Repositories;
using Actors.Web.Api;
using Xunit;

namespace Actors.Web.Tests.Api;

public sealed class CampaignEndpointsTests
{
    private const string Root = "/api/v1/campaigns";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_as_text_becomes_a_campaign_with_the_order_of_the_query()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using HttpResponseMessage answer = await server.Client.PostAsync(
            Root + "?name=nightly&refs=all&priority=-7&maxAgeSeconds=3600&ignoreRetryTimes=false&includeParked=true&syncTimeMaxSeconds=60&packBytesMax=1000",
            ApiServer.Text("https://example.org/a\nhttps://example.org/b\n"), Token);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        CampaignView? view = await server.Board.FindAsync(new CampaignId(1), Token);
        Assert.Equal("https://example.org/a\nhttps://example.org/b\n", Assert.Single(server.Board.Lists));
        Assert.Equal(
            new CampaignOrder
            {
                Name = "nightly",
                Refs = Git.Refs.RefSelection.All,
                Priority = -7,
                MaxAge = TimeSpan.FromHours(1),
                IgnoreRetryTimes = false,
                IncludeParked = true,
                SyncTimeMax = TimeSpan.FromMinutes(1),
                PackBytesMax = 1000,
            },
            view!.Order);
    }

    [Theory]
    [InlineData(true, "text/plain")]
    [InlineData(false, "application/gzip")]
    public async Task List_may_be_gzip_by_its_encoding_or_by_itself(bool declared, string type)
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write("https://example.org/a\n"u8);
        }

        using ByteArrayContent content = new(packed.ToArray());
        content.Headers.ContentType = new(type);
        if (declared)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }

        using HttpResponseMessage answer = await server.Client.PostAsync(Root, content, Token);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("https://example.org/a\n", Assert.Single(server.Board.Lists));
    }

    [Fact]
    public async Task List_cut_in_its_gzip_leaves_no_campaign()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 1000).Select(i => $"https://example.org/{i}\n"))));
        }

        using ByteArrayContent content = new(packed.ToArray()[..^20]);
        content.Headers.ContentEncoding.Add("gzip");
        Problem problem = await server.RefusedAsync(HttpMethod.Post, Root, content);
        Assert.Equal((400, "Content-Encoding"), (problem.Status, problem.Field));
        Assert.Empty(server.Board.Lists);
    }

    [Theory]
    [InlineData("?priority=101", "priority")]
    [InlineData("?priority=high", "priority")]
    [InlineData("?refs=heads", "refs")]
    [InlineData("?maxAgeSeconds=-1", "maxAgeSeconds")]
    [InlineData("?syncTimeMaxSeconds=0", "syncTimeMaxSeconds")]
    [InlineData("?includeParked=yes", "includeParked")]
    [InlineData("?packBytesMax=99999999999999999999", "packBytesMax")]
    [InlineData("?maxage=1", "maxage")]
    [InlineData("?name=a&name=b", "name")]
    public async Task Wrong_parameter_of_an_order_is_named_before_the_list_is_read(string query, string field)
    {
        await using ApiServer server = await ApiServer.StartAsync();
        Problem problem = await server.RefusedAsync(HttpMethod.Post, Root + query, ApiServer.Text("https://example.org/a\n"));
        Assert.Equal((400, "invalid-parameter", field), (problem.Status, problem.Kind, problem.Field));
        Assert.Empty(server.Board.Lists);
    }

    [Fact]
    public async Task List_as_a_form_is_refused_with_what_to_do()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using FormUrlEncodedContent content = new([new("list", "x")]);
        Problem problem = await server.RefusedAsync(HttpMethod.Post, Root, content);
        Assert.Equal(415, problem.Status);
        Assert.Contains("text/plain", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Campaigns_are_listed_newest_first_in_pages()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        for (int i = 0; i < 3; i++)
        {
            _ = await server.SubmitAsync();
        }

        Assert.Equal("3, 2", Numbers(await server.GetAsync(Root + "?max=2")));
        Assert.Equal("1", Numbers(await server.GetAsync(Root + "?max=2&before=2")));

        static string Numbers(JsonElement json) => string.Join(", ", json.GetProperty("campaigns").EnumerateArray().Select(c => c.GetProperty("id").GetInt64()));
    }

    [Theory]
    [InlineData("pause", CampaignPhase.Paused)]
    [InlineData("resume", CampaignPhase.Running)]
    [InlineData("cancel", CampaignPhase.Cancelled)]
    public async Task Campaign_is_steered(string verb, CampaignPhase wanted)
    {
        await using ApiServer server = await ApiServer.StartAsync();
        CampaignId id = await server.SubmitAsync();
        using HttpResponseMessage answer = await server.Client.PostAsync($"{Root}/{id}/{verb}", null, Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal($"{{\"id\":1,\"phase\":\"{CampaignJson.NameOf(wanted)}\"}}", await answer.Content.ReadAsStringAsync(Token));
        Assert.Equal(wanted, (await server.Board.FindAsync(id, Token))!.Phase);
    }

    [Fact]
    public async Task Priority_is_set()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        CampaignId id = await server.SubmitAsync();
        using HttpResponseMessage answer = await server.Client.PutAsync($"{Root}/{id}/priority", ApiServer.Json("{\"priority\":42}"), Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(42, (await server.GetAsync($"{Root}/{id}")).GetProperty("order").GetProperty("priority").GetInt32());
        Problem problem = await server.RefusedAsync(HttpMethod.Put, $"{Root}/{id}/priority", ApiServer.Json("{\"priority\":101}"));
        Assert.Equal((400, "priority"), (problem.Status, problem.Field));
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "/events")]
    [InlineData("GET", "/report")]
    [InlineData("POST", "/pause")]
    [InlineData("POST", "/cancel")]
    public async Task Unknown_campaign_is_not_found(string method, string path)
    {
        await using ApiServer server = await ApiServer.StartAsync();
        Problem problem = await server.RefusedAsync(new HttpMethod(method), $"{Root}/7{path}");
        Assert.Equal((404, "id"), (problem.Status, problem.Field));
        problem = await server.RefusedAsync(new HttpMethod(method), $"{Root}/seven{path}");
        Assert.Equal((400, "id"), (problem.Status, problem.Field));
    }

    [Fact]
    public async Task Events_show_each_state_and_end_with_the_campaign()
    {
        await using ApiServer server = await ApiServer.StartAsync(options => options with { HeartbeatPeriod = TimeSpan.FromMilliseconds(20) });
        CampaignId id = await server.SubmitAsync();
        await using EventReader events = await EventReader.OpenAsync(server.Client, $"{Root}/{id}/events");
        Assert.Equal("2000", (await events.NextAsync())!.Retry);

        EventReader.Event first = (await events.NextAsync())!;
        Assert.Equal(("campaign", "1", CampaignPhase.Running), (first.Name, first.Id, PhaseOf(first)));
        await events.AwaitCommentAsync();

        server.Board.Change(id, view => view with { Phase = CampaignPhase.Paused });
        Assert.Equal(CampaignPhase.Paused, PhaseOf((await events.NextAsync())!));

        server.Board.Change(id, view => view with { Phase = CampaignPhase.Done });
        EventReader.Event last = (await events.NextAsync())!;
        Assert.Equal(("ended", CampaignPhase.Done), (last.Id, PhaseOf(last)));
        Assert.Null(await events.NextAsync());

        using HttpRequestMessage again = new(HttpMethod.Get, $"{Root}/{id}/events");
        again.Headers.Add("Last-Event-ID", "ended");
        using HttpResponseMessage answer = await server.Client.SendAsync(again, Token);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);

        static CampaignPhase PhaseOf(EventReader.Event one) => CampaignJson.Read(JsonDocument.Parse(one.Data).RootElement).Phase;
    }

    [Fact]
    public async Task Report_is_read_from_any_line_and_followed_to_the_end()
    {
        await using ApiServer server = await ApiServer.StartAsync(options => options with { HeartbeatPeriod = TimeSpan.FromMilliseconds(20) });
        CampaignId id = await server.SubmitAsync();
        server.Board.Report(id, Line(1));
        server.Board.Report(id, new ReportLine { Number = 2, Rejected = new RejectedLine(9, "not \"a\" URL", "it has spaces") });
        server.Board.Report(id, Line(5));
        string all = await server.Client.GetStringAsync($"{Root}/{id}/report", Token);
        Assert.Equal([1, 2, 5], Parse(all).Select(l => l.Number));
        Assert.Equal(new RejectedLine(9, "not \"a\" URL", "it has spaces"), Parse(all)[1].Rejected);
        Assert.Equal([5], Parse(await server.Client.GetStringAsync($"{Root}/{id}/report?after=2", Token)).Select(l => l.Number));

        using HttpResponseMessage answer = await server.Client.GetAsync($"{Root}/{id}/report?after=2&follow=true", HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType?.MediaType);
        using StreamReader lines = new(await answer.Content.ReadAsStreamAsync(Token));
        Assert.Equal(5, Parse((await lines.ReadLineAsync(Token))!)[0].Number);
        Assert.Equal("", await lines.ReadLineAsync(Token));
        server.Board.Report(id, Line(6));
        string? line;
        do
        {
            line = await lines.ReadLineAsync(Token);
        }
        while (line == "");
        Assert.Equal(6, Parse(line!)[0].Number);
        server.Board.Change(id, view => view with { Phase = CampaignPhase.Done });
        do
        {
            line = await lines.ReadLineAsync(Token);
        }
        while (line == "");
        Assert.Null(line);
    }

    [Fact]
    public async Task Report_has_a_line_for_each_repository_and_no_other()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        CampaignId id = await server.SubmitAsync();
        Assert.Equal("", await server.Client.GetStringAsync($"{Root}/{id}/report", Token));
        server.Board.Report(id, Line(1));
        Assert.EndsWith("}\n", await server.Client.GetStringAsync($"{Root}/{id}/report", Token), StringComparison.Ordinal);
        Assert.Equal("", await server.Client.GetStringAsync($"{Root}/{id}/report?after=1", Token));
    }

    private static ReportLine Line(long number) => new()
    {
        Number = number,
        Sync = new SyncReport { Url = RepositoryUrl.Parse($"https://example.org/{number}"), Outcome = Outcome.Updated, Objects = 3 },
    };

    private static ReportLine[] Parse(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => ReportLineJson.Parse(Encoding.UTF8.GetBytes(line)))];
}
