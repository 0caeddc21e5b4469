using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Actors.Store.Heads;
using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.Web.Forges;
using Xunit;

namespace Actors.EndToEnd.Tests;

/// <summary><c>actors serve</c> as a process, asked over HTTP.</summary>
public sealed class ServeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ServeTests() => GitCommand.Require(Assert.Skip);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_submitted_survives_kill_9_and_the_store_is_that_of_a_plain_sync()
    {
        await using Upstreams upstreams = await Upstreams.StartAsync(_folder);
        string[] urls = [.. upstreams.Urls, .. Enumerable.Range(0, 40).Select(number => upstreams.Forge.UrlOf($"missing/{number}"))];
        string list = string.Join('\n', urls) + "\nftp://example.org/rubbish\n";
        StoreFiles plain = new(_folder.Make("plain"), _folder["judge-plain"]);
        (int exitCode, string output, string errors) = await ActorsProcess.RunAsync("sync", _folder.Write("list", list), "--store", plain.FullPath, "--quiet");
        Assert.True(exitCode == 2, output + errors);

        // Killed when the forge is asked for the twentieth time; that answer never comes.
        StoreFiles served = new(_folder.Make("served-store"), _folder["judge-served"]);
        string[] arguments = ["--store", served.FullPath, "--allow-private-addresses", "--per-host", "2"];
        long campaign;
        TaskCompletionSource midway = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int requests = 0;
        upstreams.Forge.Behaviour = new ForgeBehaviour
        {
            Answer = _ =>
            {
                if (Interlocked.Increment(ref requests) == 20)
                {
                    midway.SetResult();
                }

                return null;
            },
        };
        await using (ServeProcess serve = await ServeProcess.StartAsync(arguments))
        {
            campaign = await serve.SubmitAsync(list);
            await midway.Task;
            await serve.KillAsync();
        }

        await using (ServeProcess again = await ServeProcess.StartAsync(arguments))
        {
            List<JsonElement> report = await again.FollowReportAsync(campaign);
            Assert.Equal(Enumerable.Range(1, urls.Length + 1).Select(number => (long)number), report.Select(line => line.GetProperty("number").GetInt64()));
            string[] told = [.. report.Where(line => line.TryGetProperty("url", out _)).Select(line => line.GetProperty("url").GetString()!)];
            Assert.Equal(urls.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
            JsonElement view = await again.GetAsync($"/api/v1/campaigns/{campaign}");
            Assert.Equal("done", view.GetProperty("phase").GetString());
            Assert.Equal(0, await again.StopAsync());
        }

        await served.AssertSoundAsync();
        await served.AssertHeadsAsync(upstreams);
        served.AssertHolds(upstreams);
        plain.AssertHolds(upstreams);
        Assert.Equal(await HeadsAsync(plain, upstreams), await HeadsAsync(served, upstreams));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_ends_it_gracefully_in_the_middle_of_a_campaign(string signal)
    {
        await using Upstreams upstreams = await Upstreams.StartAsync(_folder);
        string[] arguments = ["--store", _folder["store"], "--allow-private-addresses", "--per-host", "1"];
        TaskCompletionSource midway = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int requests = 0;
        upstreams.Forge.Behaviour = new ForgeBehaviour
        {
            Answer = _ =>
            {
                if (Interlocked.Increment(ref requests) == 5)
                {
                    midway.SetResult();
                }

                return null;
            },
        };
        string[] urls = [.. Enumerable.Range(0, 60).Select(number => upstreams.Forge.UrlOf($"missing/{number}"))];
        await using ServeProcess serve = await ServeProcess.StartAsync(arguments);
        long campaign = await serve.SubmitAsync(string.Join('\n', urls));
        await midway.Task;
        Assert.Equal(0, await serve.StopAsync(signal));
        Assert.Contains("Stopping", serve.Said, StringComparison.Ordinal);

        await using ServeProcess again = await ServeProcess.StartAsync(arguments);
        Assert.Equal(urls.Length, (await again.FollowReportAsync(campaign)).Count);

        Assert.Equal(0, await again.StopAsync(signal));

        // Each was visited once, over both processes: nothing that ended was forgotten.
        await using SqliteHeadStore heads = SqliteHeadStore.Open(Path.Combine(_folder["store"], "heads.sqlite"));
        await foreach (RepositoryState state in heads.ListAsync(CancellationToken.None))
        {
            Assert.Equal(1, state.Visit);
        }
    }

    [Fact]
    public async Task With_a_watch_pushes_are_received_and_the_lag_is_told()
    {
        await using Upstreams upstreams = await Upstreams.StartAsync(_folder);
        string secret = _folder.Write("secret", "long enough to be one");
        await using ServeProcess serve = await ServeProcess.StartAsync(
            "--store", _folder["store"], "--allow-private-addresses", "--watch", "--visits", "2", "--webhooks", "127.0.0.1:0", "--webhook-secret-file", secret);
        long campaign = await serve.SubmitAsync(string.Join('\n', upstreams.Urls));
        Assert.NotEmpty(await serve.FollowReportAsync(campaign));
        JsonElement schedule = await serve.GetAsync("/api/v1/schedule");
        Assert.Equal(2, schedule.GetProperty("watch").GetProperty("visitsADay").GetDouble());

        Uri pushes = new(Regex.Match(serve.Said, @"received at (http\S+/webhooks)").Groups[1].Value);
        byte[] push = System.Text.Encoding.UTF8.GetBytes($"{{\"repository\":{{\"clone_url\":\"{upstreams.Urls[0]}\"}}}}");
        Assert.Equal(HttpStatusCode.Unauthorized, await PushAsync("a wrong secret"));
        Assert.Equal(HttpStatusCode.Accepted, await PushAsync("long enough to be one"));
        Assert.Equal(0, await serve.StopAsync());

        async Task<HttpStatusCode> PushAsync(string bearer)
        {
            using HttpRequestMessage request = new(HttpMethod.Post, pushes) { Content = new ByteArrayContent(push) };
            request.Headers.Add("X-Gitlab-Token", bearer);
            request.Headers.Add("X-Gitlab-Event", "Push Hook");
            using HttpResponseMessage answer = await serve.Client.SendAsync(request);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Without_leave_nothing_of_this_machine_is_reached()
    {
        await using Upstreams upstreams = await Upstreams.StartAsync(_folder);
        int port = upstreams.Forge.Address.Port;
        string[] inside =
        [
            $"http://127.0.0.1:{port}/one.git", $"http://localhost:{port}/one.git", $"http://[::ffff:127.0.0.1]:{port}/one.git", $"http://[::1]:{port}/one.git",
            "http://169.254.169.254/latest",
        ];
        string[] refused = [$"file://{_folder["served", "one.git"]}", _folder["served", "one.git"], $"git://127.0.0.1:{port}/one.git", "git@localhost:one.git"];
        await using ServeProcess serve = await ServeProcess.StartAsync("--store", _folder["store"]);
        List<JsonElement> report = await serve.FollowReportAsync(await serve.SubmitAsync(string.Join('\n', [.. inside, .. refused])));
        Assert.Equal(inside.Length + refused.Length, report.Count);
        JsonElement[] syncs = [.. report.Where(line => line.TryGetProperty("url", out _))];
        Assert.Equal(inside.Length, syncs.Length);
        Assert.All(syncs, sync =>
        {
            Assert.Equal("refused", sync.GetProperty("outcome").GetString());
            Assert.Contains("not one that may be connected to", sync.GetProperty("error").GetString(), StringComparison.Ordinal);
        });
        JsonElement[] rejected = [.. report.Where(line => line.TryGetProperty("rejected", out _)).Select(line => line.GetProperty("rejected"))];
        Assert.All(rejected, line => Assert.Contains("give an https URL", line.GetProperty("reason").GetString(), StringComparison.Ordinal));
        Assert.Equal(0, upstreams.Forge.Requests);
    }

    [Fact]
    public async Task Tokens_guard_the_api_and_metrics_may_be_elsewhere_without()
    {
        string tokens = _folder.Write("tokens", "write 0123456789abcdef0123456789abcdef\n");
        await using ServeProcess serve = await ServeProcess.StartAsync("--store", _folder["store"], "--token-file", tokens, "--metrics-listen", "127.0.0.1:0");
        using HttpResponseMessage refused = await serve.Client.GetAsync("/api/v1/campaigns");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/v1/campaigns");
        request.Headers.Authorization = new("Bearer", "0123456789abcdef0123456789abcdef");
        using HttpResponseMessage allowed = await serve.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        string metrics = serve.Said.Split('\n').Single(line => line.Contains("(metrics)", StringComparison.Ordinal)).Split(' ')[2];
        Assert.Contains("# TYPE", await serve.Client.GetStringAsync(new Uri(new Uri(metrics), "metrics")), StringComparison.Ordinal);
        using HttpResponseMessage notHere = await serve.Client.GetAsync("/metrics");
        Assert.NotEqual(HttpStatusCode.OK, notHere.StatusCode);
    }

    [Fact]
    public async Task A_second_one_on_the_same_store_says_so()
    {
        await using ServeProcess serve = await ServeProcess.StartAsync("--store", _folder["store"]);
        (int exitCode, _, string errors) = await ActorsProcess.RunAsync("serve", "--store", _folder["store"], "--listen", "127.0.0.1:0");
        Assert.Equal(1, exitCode);
        Assert.Contains($"The store at {_folder["store"]}", errors, StringComparison.Ordinal);
    }

    private static async Task<string> HeadsAsync(StoreFiles store, Upstreams upstreams)
    {
        List<string> heads = [];
        foreach (string url in upstreams.Urls)
        {
            (_, string output, _) = await ActorsProcess.RunAsync("heads", url, "--store", store.FullPath, "--format", "ls-remote");
            heads.Add(output);
        }

        return string.Join('\n', heads);
    }
}
