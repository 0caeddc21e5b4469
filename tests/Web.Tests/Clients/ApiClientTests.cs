using System.Collections.Concurrent;
using System.Text;
using Actors.Git.Objects;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.TestKit.Servers;
using Actors.Web.Access;
using Actors.Web.Api;
using Actors.Web.Clients;
using Actors.Web.Tests.Api;
using Xunit;

namespace Actors.Web.Tests.Clients;

public sealed class ApiClientTests
{
    private static readonly CampaignId First = new(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Campaign_is_submitted_with_its_order_and_steered()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using ApiClient client = Client(server.Addresses[0]);
        Assert.Equal("1.2.3", await client.GreetAsync(Token));
        CampaignOrder order = new()
        {
            Name = "a & b = ü", Refs = Git.Refs.RefSelection.Parse("refs/heads/*,refs/pull/*"), MaxAge = TimeSpan.FromHours(1), IgnoreRetryTimes = false, IncludeParked = true,
            SyncTimeMax = TimeSpan.FromMinutes(5), PackBytesMax = 1 << 20,
        };
        string list = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"https://example.org/{i}/ü\n"));
        CampaignView view = await client.SubmitAsync(order, new StringReader(list), Token);
        Assert.Equal(order, view.Order);
        Assert.Equal(list, Assert.Single(server.Board.Lists));
        Assert.Equal(CampaignPhase.Paused, await client.SteerAsync(view.Id, CampaignPhase.Paused, Token));
        await client.SetPriorityAsync(view.Id, -5, Token);
        Assert.Equal(-5, (await client.FindCampaignAsync(view.Id, Token)).Order.Priority);
        Assert.Equal(view.Id, Assert.Single(await client.ListCampaignsAsync(10, Token)).Id);
        Assert.Equal(CampaignPhase.Cancelled, await client.SteerAsync(view.Id, CampaignPhase.Cancelled, Token));
    }

    [Fact]
    public async Task Refused_submission_tells_the_server_s_sentence_also_when_the_list_is_long()
    {
        await using ApiServer server = await ApiServer.StartAsync(options => options with { Tokens = AccessTokens.Parse("read reader-0123456789") });
        using ApiClient client = Client(server.Addresses[0], "reader-0123456789");
        string list = string.Concat(Enumerable.Range(0, 500_000).Select(i => $"https://example.org/{i * 7919 % 1_000_003}\n"));
        ApiException e = await Assert.ThrowsAsync<ApiException>(() => client.SubmitAsync(new CampaignOrder(), new StringReader(list), Token));
        Assert.Equal("insufficient-scope", e.Problem?.Kind);
        Assert.False(e.IsTransient);
    }

    [Fact]
    public async Task Empty_list_is_a_list()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using ApiClient client = Client(server.Addresses[0]);
        Assert.Equal(0, (await client.SubmitAsync(new CampaignOrder(), new StringReader(""), Token)).Lines);
        Assert.Equal("", Assert.Single(server.Board.Lists));
    }

    [Fact]
    public async Task Missing_oids_are_asked_for_in_batches()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using ApiClient client = Client(server.Addresses[0]);
        Oid[] oids = [.. Enumerable.Range(1, Limits.MissingLinesMax + 1).Select(i => Oid.Parse(i.ToString("x40", System.Globalization.CultureInfo.InvariantCulture)))];
        Assert.Equal(oids, await client.ListMissingAsync(oids, Token));
        Assert.Empty(await client.ListMissingAsync([], Token));
    }

    [Fact]
    public async Task Visits_are_read_page_after_page()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using ApiClient client = Client(server.Addresses[0]);
        RepositoryUrl url = RepositoryUrl.Parse("https://example.org/a?b");
        Visit visit = new() { Url = url, StartedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), Outcome = Outcome.Throttled };
        await server.Heads.RecordAsync([.. Enumerable.Repeat(visit, (2 * Limits.VisitsListedMax) + 1)], Token);
        List<long> numbers = [];
        await foreach (Visit told in client.ListVisitsAsync(url, Token))
        {
            numbers.Add(told.Number);
        }

        Assert.Equal(Enumerable.Range(1, (2 * Limits.VisitsListedMax) + 1).Reverse().Select(n => (long)n), numbers);
        Assert.Null(await client.FindHeadsAsync(RepositoryUrl.Parse("https://example.org/unknown"), Token));
    }

    [Fact]
    public async Task Report_goes_on_after_the_last_whole_line_when_the_connection_breaks()
    {
        ConcurrentQueue<string> asked = [];
        byte[][] answers =
        [
            HttpAnswer.Chunked(Encoding.UTF8.GetBytes(Line(1) + "\n" + Line(4) + "\n\n" + Line(9)[..20]), 50, ended: false, "Content-Type: application/x-ndjson"),
            HttpAnswer.Of(new Problem(503, "stopping", "It stops.").ToUtf8(), 503, null, "Content-Type: application/problem+json"),
            HttpAnswer.Chunked(Encoding.UTF8.GetBytes(Line(9) + "\n" + Line(10) + "\n"), 7, ended: true, "Content-Type: application/x-ndjson"),
        ];
        await using CannedServer server = new(request =>
        {
            asked.Enqueue(Encoding.ASCII.GetString(request.Target));
            return answers[asked.Count - 1];
        })
        { CloseAfterAnswer = true };
        List<string?> told = [];
        using ApiClient client = Client(server.Address, lost: told.Add);
        List<long> numbers = [];
        await foreach (ReportLine line in client.ReadReportAsync(First, 0, follow: true, Token))
        {
            numbers.Add(line.Number);
        }

        Assert.Equal([1, 4, 9, 10], numbers);
        Assert.Equal(["after=0", "after=4", "after=4"], asked.Select(path => path.Split('?', '&')[1]));
        Assert.Equal(3, told.Count);
        Assert.Contains("broke", told[0], StringComparison.Ordinal);
        Assert.Null(told[^1]);
    }

    [Fact]
    public async Task Watching_goes_on_until_the_campaign_has_ended()
    {
        int asked = 0;
        await using CannedServer server = new(_ => ++asked switch
        {
            1 => HttpAnswer.Chunked(Event(CampaignPhase.Running), 30, ended: false, "Content-Type: text/event-stream"),
            // An end that comes too early is a break, too.
            2 => HttpAnswer.Chunked(Event(CampaignPhase.Paused), 30, ended: true, "Content-Type: text/event-stream"),
            _ => HttpAnswer.Chunked([.. ": still here\n\n"u8, .. Event(CampaignPhase.Done)], 30, ended: true, "Content-Type: text/event-stream"),
        })
        { CloseAfterAnswer = true };
        using ApiClient client = Client(server.Address);
        List<CampaignPhase> phases = [];
        await foreach (CampaignView view in client.WatchAsync(First, Token))
        {
            phases.Add(view.Phase);
        }

        Assert.Equal([CampaignPhase.Running, CampaignPhase.Paused, CampaignPhase.Done], phases);
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task Silent_stream_is_taken_for_broken()
    {
        await using ApiServer server = await ApiServer.StartAsync(options => options with { HeartbeatPeriod = TimeSpan.FromHours(1) });
        CampaignId id = await server.SubmitAsync();
        TaskCompletionSource lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using ApiClient client = new(
            new ApiClientOptions(server.Addresses[0]) { SilenceMax = TimeSpan.FromMilliseconds(50), RetryMin = TimeSpan.FromMilliseconds(1), Lost = _ => lost.TrySetResult() }, TimeProvider.System);
        await using IAsyncEnumerator<CampaignView> views = client.WatchAsync(id, Token).GetAsyncEnumerator(Token);
        Assert.True(await views.MoveNextAsync());
        ValueTask<bool> next = views.MoveNextAsync();
        await lost.Task.WaitAsync(Token);
        server.Board.Change(id, view => view with { Phase = CampaignPhase.Done });
        while (await next && views.Current.Phase != CampaignPhase.Done)
        {
            next = views.MoveNextAsync();
        }

        Assert.Equal(CampaignPhase.Done, views.Current.Phase);
    }

    [Fact]
    public async Task Refusal_ends_the_following()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using ApiClient client = Client(server.Addresses[0]);
        ApiException e = await Assert.ThrowsAsync<ApiException>(async () =>
        {
            await foreach (CampaignView _ in client.WatchAsync(new CampaignId(9), Token))
            {
            }
        });
        Assert.Equal("There is no campaign 9.", e.Message);
    }

    [Theory]
    [InlineData("{\"name\":\"other\"}", "application/json", 200, "is no Actors server")]
    [InlineData("[]", "application/json", 200, "is no Actors server")]
    [InlineData("{", "application/json", 200, "is no Actors server")]
    [InlineData("<html>", "text/html", 200, "is no Actors server")]
    [InlineData("no", "text/plain", 404, "is no Actors server")]
    [InlineData("{\"name\":\"actors\",\"revision\":0,\"version\":\"0.1\"}", "application/json", 200, "(version 0.1) is too old")]
    public async Task Greeting_tells_a_stranger_from_a_server_that_is_too_old(string body, string type, int status, string told)
    {
        await using CannedServer server = new(HttpAnswer.Of(Encoding.UTF8.GetBytes(body), status, null, "Content-Type: " + type));
        using ApiClient client = Client(server.Address);
        ApiException e = await Assert.ThrowsAsync<ApiException>(() => client.GreetAsync(Token));
        Assert.Contains(told, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirect_is_not_followed_and_the_token_stays()
    {
        await using CannedServer server = new(HttpAnswer.Of([], 308, null, "Location: https://elsewhere.example/"));
        using ApiClient client = Client(server.Address, "secret-0123456789");
        ApiException e = await Assert.ThrowsAsync<ApiException>(() => client.GreetAsync(Token));
        Assert.Contains("redirects to https://elsewhere.example/", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_below_a_path_is_found_there()
    {
        ConcurrentQueue<string> asked = [];
        await using CannedServer server = new(request =>
        {
            asked.Enqueue(Encoding.ASCII.GetString(request.Target));
            return HttpAnswer.Of("{\"name\":\"actors\",\"revision\":7,\"version\":\"9\"}"u8, 200, null, "Content-Type: application/json");
        });
        using ApiClient client = Client(new Uri(server.Address, "/behind/proxy"));
        Assert.Equal("9", await client.GreetAsync(Token));
        Assert.Equal("/behind/proxy/api/v1", Assert.Single(asked));
    }

    private static string Line(long number) => Encoding.UTF8.GetString(ApiJson.ToUtf8(json => ReportLineJson.Write(
        json, new ReportLine { Number = number, Sync = new Sync.Repositories.SyncReport { Url = RepositoryUrl.Parse("https://example.org/a"), Outcome = Outcome.New } })));

    private static byte[] Event(CampaignPhase phase) =>
    [
        .. "event: campaign\nid: 1\ndata: "u8,
        .. ApiJson.ToUtf8(json => CampaignJson.Write(json, new CampaignView
        {
            Id = First, Order = new CampaignOrder(), Phase = phase, SubmittedAt = default, Progress = new CampaignProgress { Elapsed = default, Outcomes = [] },
        })),
        .. "\n\n"u8,
    ];

    private static ApiClient Client(Uri address, string? token = null, Action<string?>? lost = null) =>
        new(new ApiClientOptions(address) { Token = token, RetryMin = TimeSpan.FromMilliseconds(1), Lost = lost ?? (_ => { }) }, TimeProvider.System);
}
