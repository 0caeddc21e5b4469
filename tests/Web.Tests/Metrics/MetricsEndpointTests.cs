using System.Net;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Web.Metrics;
using Actors.Web.Tests.Api;
using Xunit;

namespace Actors.Web.Tests.Metrics;

public sealed class MetricsEndpointTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Engine_and_process_are_told_in_the_text_format()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        CampaignId done = await server.SubmitAsync();
        CampaignId running = await server.SubmitAsync();
        server.Board.Change(done, view => view with { Phase = CampaignPhase.Done, Progress = Progress(2, 100) });
        server.Board.Change(running, view => view with { Order = view.Order with { Name = "a \"b\"\\\n{c}" }, Progress = Progress(3, 1000) });
        server.Board.Hosts.Add(new HostView { Host = ForgeHost.Parse("example.org"), Running = 1, Allowed = 8, Waiting = 5, Done = 7, Throttled = 2, RequestsPerSecond = 0.5 });
        server.Board.Hosts.Add(new HostView { Host = ForgeHost.Parse("b.example.org:81"), IsDown = true });
        server.Board.Silos.Add(new SiloView { Name = "one", Status = "Active", CpuShare = 0.5, MemoryBytes = 123, Running = 4, Done = 9 });
        server.Board.Silos.Add(new SiloView { Name = "two", Status = "Active" });

        using HttpResponseMessage answer = await server.Client.GetAsync("/metrics", Token);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        MetricsParser metrics = MetricsParser.Parse(await answer.Content.ReadAsStringAsync(Token));
        Dictionary<string, double> expected = new()
        {
            ["actors_campaigns{phase=running}"] = 1,
            ["actors_campaigns{phase=done}"] = 1,
            ["actors_syncs_total{outcome=new}"] = 5,
            ["actors_syncs_total{outcome=timed-out}"] = 0,
            ["actors_received_bytes_total{}"] = 1100,
            ["actors_saved_bytes_total{}"] = 2200,
            ["actors_forge_requests_total{}"] = 3300,
            ["actors_campaign_done_repositories{campaign=2,name=a \"b\"\\\n{c}}"] = 3,
            ["actors_host_running_permits{host=example.org}"] = 1,
            ["actors_host_allowed_permits{host=example.org}"] = 8,
            ["actors_host_waiting_repositories{host=example.org}"] = 5,
            ["actors_host_throttled_total{host=example.org}"] = 2,
            ["actors_host_rate_limit_per_second{host=example.org}"] = 0.5,
            ["actors_host_rate_limit_per_second{host=b.example.org:81}"] = double.PositiveInfinity,
            ["actors_host_down{host=b.example.org:81}"] = 1,
            ["actors_silos{status=Active}"] = 2,
            ["actors_silo_cpu_ratio{silo=one}"] = 0.5,
            ["actors_silo_memory_bytes{silo=one}"] = 123,
            ["actors_silo_syncs_total{silo=one}"] = 9,
            ["actors_build_info{version=1.2.3}"] = 1,
        };
        foreach ((string name, double value) in expected)
        {
            Assert.Equal(value, metrics.Samples[name]);
        }

        Assert.DoesNotContain("actors_silo_cpu_ratio{silo=two}", metrics.Samples.Keys);
        foreach (string name in (string[])["process_cpu_seconds_total{}", "process_resident_memory_bytes{}", "dotnet_gc_allocated_bytes_total{}"])
        {
            Assert.True(metrics.Samples[name] > 0, name);
        }
    }

    [Fact]
    public void Strict_parser_refuses_what_is_not_the_format()
    {
        foreach (string wrong in (string[])["a 1\n", "# HELP a b\n# TYPE a gauge\na{x=\"1\",} 1\n", "# HELP a b\n# TYPE a gauge\na 1\na 1\n", "# HELP a b\n# TYPE a counter\n", "# HELP a b\n# TYPE a gauge\na 1"])
        {
            Assert.ThrowsAny<Exception>(() => MetricsParser.Parse(wrong));
        }
    }

    [Fact]
    public void Help_is_escaped_and_numbers_are_exact()
    {
        byte[] text = new MetricsText().Gauge("a_bytes", "back\\slash\nand line").Sample(long.MaxValue, ("l", "ü")).Sample(0.1).Sample(double.NegativeInfinity, ("l", "")).ToUtf8();
        MetricsParser metrics = MetricsParser.Parse(System.Text.Encoding.UTF8.GetString(text));
        Assert.Equal(("gauge", "back\\slash\nand line"), metrics.Families["a_bytes"]);
        Assert.Equal(long.MaxValue, metrics.Samples["a_bytes{l=ü}"]);
        Assert.Equal(0.1, metrics.Samples["a_bytes{}"]);
        Assert.Equal(double.NegativeInfinity, metrics.Samples["a_bytes{l=}"]);
    }

    private static CampaignProgress Progress(int syncs, int bytes)
    {
        long[] outcomes = new long[16];
        outcomes[(int)Outcome.New] = syncs;
        return new CampaignProgress { Elapsed = TimeSpan.FromSeconds(1), Outcomes = outcomes, BytesReceived = bytes, BytesSaved = 2 * bytes, Requests = 3 * bytes, Repositories = 10 };
    }
}
