using System.Net;
using System.Text.Json;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;
using Actors.Web.Api;
using Xunit;

namespace Actors.Web.Tests.Api;

public sealed class ClusterEndpointsTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 21, 6, 0, 0, 123, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hosts_and_silos_are_told_whole()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        HostView host = new()
        {
            Host = ForgeHost.Parse("example.org:8080"), Running = 1, Allowed = 2, RequestsPerSecond = 1.5, Waiting = 3, Done = 4, Throttled = 5,
            SilentUntil = Time, BrakedUntil = Time.AddHours(1), IsDown = true,
        };
        SiloView silo = new()
        {
            Name = "one", Status = "Active", Version = "1", StartedAt = Time, CpuShare = 0.25, MemoryBytes = 1L << 40, Activations = 6, Running = 7, Done = 8,
        };
        server.Board.Hosts.AddRange([host, new HostView { Host = ForgeHost.Parse("b") }]);
        server.Board.Silos.AddRange([silo, new SiloView { Name = "two", Status = "Dead" }]);
        Assert.Equal(server.Board.Hosts, (await server.GetAsync("/api/v1/hosts")).GetProperty("hosts").EnumerateArray().Select(HostJson.Read));
        Assert.Equal(server.Board.Silos, (await server.GetAsync("/api/v1/silos")).GetProperty("silos").EnumerateArray().Select(SiloJson.Read));
    }

    [Fact]
    public async Task Brake_is_set_by_time_or_span_and_lifted()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        const string Brake = "/api/v1/hosts/example.org%3A8080/brake";
        ForgeHost host = ForgeHost.Parse("example.org:8080");
        DateTimeOffset until = new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using HttpResponseMessage set = await server.Client.PutAsync(Brake, ApiServer.Json("{\"until\":\"2099-01-01T01:00:00+01:00\"}"), Token);
        Assert.Equal("{\"host\":\"example.org:8080\",\"brakedUntil\":\"2099-01-01T00:00:00.000Z\"}", await set.Content.ReadAsStringAsync(Token));
        Assert.Equal(until, server.Board.Brakes[host]);
        using HttpResponseMessage spanned = await server.Client.PutAsync(Brake, ApiServer.Json("{\"seconds\":3600}"), Token);
        Assert.Equal(HttpStatusCode.OK, spanned.StatusCode);
        Assert.NotEqual(until, server.Board.Brakes[host]);
        using HttpResponseMessage lifted = await server.Client.DeleteAsync(Brake, Token);
        Assert.Equal(HttpStatusCode.OK, lifted.StatusCode);
        Assert.Null(server.Board.Brakes[host]);
    }

    [Theory]
    [InlineData("/api/v1/hosts/UPPER/brake", "{\"seconds\":1}", 400, "host")]
    [InlineData("/api/v1/hosts/a/brake", "{}", 400, "until")]
    [InlineData("/api/v1/hosts/a/brake", "{\"seconds\":1,\"until\":\"2099-01-01T00:00:00Z\"}", 400, "until")]
    [InlineData("/api/v1/hosts/a/brake", "{\"until\":\"2001-01-01T00:00:00Z\"}", 400, "until")]
    [InlineData("/api/v1/hosts/a/brake", "{\"until\":\"soon\"}", 400, "body")]
    [InlineData("/api/v1/hosts/a/brake", "[]", 400, "body")]
    [InlineData("/api/v1/hosts/a/brake", "{", 400, "body")]
    public async Task Wrong_brake_is_refused(string path, string body, int status, string field)
    {
        await using ApiServer server = await ApiServer.StartAsync();
        Problem problem = await server.RefusedAsync(HttpMethod.Put, path, ApiServer.Json(body));
        Assert.Equal((status, field), (problem.Status, problem.Field));
        Assert.Empty(server.Board.Brakes);
    }

    [Fact]
    public async Task Small_body_is_small_and_JSON()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        Assert.Equal(415, (await server.RefusedAsync(HttpMethod.Put, "/api/v1/hosts/a/brake", ApiServer.Text("{\"seconds\":1}"))).Status);
        string large = "{\"seconds\":1,\"x\":\"" + new string('x', Limits.SmallBodyBytesMax) + "\"}";
        Assert.Equal(413, (await server.RefusedAsync(HttpMethod.Put, "/api/v1/hosts/a/brake", ApiServer.Json(large))).Status);
    }

    [Fact]
    public async Task Troubles_are_told()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        server.Board.Failed.Add(new SyncReport { Url = RepositoryUrl.Parse("https://example.org/a"), Outcome = Outcome.Failed, Error = "no" });
        server.Board.Slowest.AddRange(Enumerable.Range(0, 3).Select(i => new SyncReport { Url = RepositoryUrl.Parse($"https://example.org/{i}"), Outcome = Outcome.New, ElapsedMs = 9 - i }));
        JsonElement json = await server.GetAsync("/api/v1/troubles?max=2");
        Assert.Equal("no", json.GetProperty("failed")[0].GetProperty("error").GetString());
        Assert.Equal(2, json.GetProperty("slowest").GetArrayLength());
    }

    [Fact]
    public async Task Health_says_what_does_not_answer()
    {
        string? reason = null;
        await using ApiServer server = await ApiServer.StartAsync(options => options with { NotReady = () => reason });
        Assert.Equal((200, "ok\n"), await HealthAsync("live"));
        Assert.Equal((200, "ok\n"), await HealthAsync("ready"));
        reason = "it drains";
        Assert.Equal((503, "it drains\n"), await HealthAsync("ready"));
        reason = null;
        server.Board.Failure = new IOException("secret place");
        Assert.Equal((503, "the engine fails\n"), await HealthAsync("ready"));
        Assert.Equal((200, "ok\n"), await HealthAsync("live"));

        async Task<(int, string)> HealthAsync(string what)
        {
            using HttpResponseMessage answer = await server.Client.GetAsync("/health/" + what, Token);
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Token));
        }
    }

    [Fact]
    public async Task Failures_of_the_inside_tell_nothing_of_it()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        server.Board.Failure = new IOException("secret place");
        Problem problem = await server.RefusedAsync(HttpMethod.Get, "/api/v1/hosts");
        Assert.Equal((503, "store-unavailable", 5), (problem.Status, problem.Kind, problem.RetryAfterSeconds));
        Assert.DoesNotContain("secret", problem.Detail, StringComparison.Ordinal);
        server.Board.Failure = new InvalidOperationException("secret place");
        problem = await server.RefusedAsync(HttpMethod.Get, "/api/v1/hosts");
        Assert.Equal((500, "internal-error"), (problem.Status, problem.Kind));
        Assert.DoesNotContain("secret", problem.Detail, StringComparison.Ordinal);
    }
}
