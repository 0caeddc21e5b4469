using System.Text.Json;
using Actors.Git.Remotes;
using Actors.Store.Schedules;
using Actors.Sync.Schedules;
using Actors.Web.Api;
using Actors.Web.Clients;
using Actors.Web.Tests.Metrics;
using Xunit;

namespace Actors.Web.Tests.Api;

public sealed class ScheduleEndpointTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lag_is_told_by_the_API_its_client_and_the_metrics()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        ScheduledVisit behind = new() { Url = RepositoryUrl.Parse("https://a.example/1"), Queue = ScheduleQueue.Known, DueAt = now.AddDays(-1), ObservedAt = now.AddDays(-3), ToldAt = now.AddDays(-2), Shape = 1, ExposureDays = 1 };
        await server.Heads.AddScheduledAsync([behind, behind with { Url = RepositoryUrl.Parse("https://a.example/2"), Queue = ScheduleQueue.Failing, DueAt = now.AddDays(9) }], Token);

        JsonElement json = await server.GetAsync("/api/v1/schedule");
        Assert.Equal((2, 1), (json.GetProperty("repositories").GetInt32(), json.GetProperty("due").GetInt32()));
        Assert.Equal(172_800, json.GetProperty("lag").GetProperty("meanSeconds").GetDouble(), 60.0);
        Assert.Equal(["known 1 1", "failing 1 0"], json.GetProperty("queues").EnumerateArray().Select(queue => $"{queue.GetProperty("queue")} {queue.GetProperty("repositories")} {queue.GetProperty("due")}"));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("watch").ValueKind);

        using ApiClient client = new(new ApiClientOptions(server.Addresses[0]), TimeProvider.System);
        ScheduleView view = (await client.ReadScheduleAsync(Token))!;
        Assert.Equal((2L, 1L, 1, 1.0), (view.Figures.Repositories, view.Figures.Due, view.Figures.Lag.Repositories, view.Figures.Lag.BehindShare));
        Assert.Equal(2, view.Figures.Lag.MeanDays, 0.01);

        MetricsParser metrics = MetricsParser.Parse(await server.Client.GetStringAsync("/metrics", Token));
        Assert.Equal(172_800, metrics.Samples["actors_lag_mean_seconds{}"], 60.0);
        Assert.Equal((1.0, 0.0, 1.0), (metrics.Samples["actors_due_repositories{queue=known}"], metrics.Samples["actors_scheduled_repositories{queue=first}"], metrics.Samples["actors_scheduled_repositories{queue=failing}"]));
    }

    [Fact]
    public async Task Where_nothing_is_scheduled_there_is_no_lag()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        JsonElement json = await server.GetAsync("/api/v1/schedule");
        Assert.Equal((0, JsonValueKind.Null, 0), (json.GetProperty("repositories").GetInt32(), json.GetProperty("lag").ValueKind, json.GetProperty("queues").GetArrayLength()));
        MetricsParser metrics = MetricsParser.Parse(await server.Client.GetStringAsync("/metrics", Token));
        Assert.DoesNotContain("actors_lag_mean_seconds{}", metrics.Samples.Keys);
        Assert.Equal(0, metrics.Samples["actors_due_repositories{queue=known}"]);
    }

    [Fact]
    public void A_view_is_read_as_it_was_written()
    {
        DateTimeOffset time = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);
        ScheduleView view = new(
            new WatchFigures(new ExpectedLag(7, 0.5, 2, 0.25), [new ScheduleFigures(ScheduleQueue.First, 3, 2, time), new ScheduleFigures(ScheduleQueue.Failing, 1, 0, null)]), time,
            new WatchView { StartedAt = time, VisitsADay = 1.5, Running = 2, Visits = 3, Found = 1, Told = 4, Failure = "the disk is full" });
        ScheduleView read = ScheduleJson.Read(JsonDocument.Parse(ApiJson.ToUtf8(json => ScheduleJson.Write(json, view))).RootElement)!;
        Assert.Equal(view.Figures.Queues, read.Figures.Queues);
        Assert.Equal((view.Figures.Lag, view.ReadAt, view.Watch), (read.Figures.Lag, read.ReadAt, read.Watch));
        Assert.Null(ScheduleJson.Read(JsonDocument.Parse(ApiJson.ToUtf8(json => ScheduleJson.Write(json, null))).RootElement));
    }
}
