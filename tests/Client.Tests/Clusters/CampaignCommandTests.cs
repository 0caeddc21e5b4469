using Actors.Client.Tests.Commands;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;
using Xunit;

namespace Actors.Client.Tests.Clusters;

public sealed class CampaignCommandTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Campaigns_are_listed_and_steered()
    {
        await using ClusterServer server = await StartAsync();
        Assert.Equal("campaign 1 is paused\n", await TextAsync(server, "pause", "1"));
        Assert.Equal("campaign 1 is running\n", await TextAsync(server, "resume", "1"));
        Assert.Equal("campaign 1 has priority -7\n", await TextAsync(server, "priority", "1", "-7"));
        Assert.Equal("campaign 1 is cancelled\n", await TextAsync(server, "cancel", "1"));
        Assert.Equal("campaign 1 is cancelled\n", await TextAsync(server, "resume", "1"));
        string[] lines = (await TextAsync(server, "list")).Split('\n');
        Assert.StartsWith("campaign 2    running    0 of 1 done, submitted ", lines[0], StringComparison.Ordinal);
        Assert.Contains("cancelled  0 of 1 done, priority -7, submitted ", lines[1], StringComparison.Ordinal);
        Assert.Equal(2, (await TextAsync(server, "list", "--max", "1")).Split('\n').Length);
    }

    [Fact]
    public async Task Report_is_printed_from_any_line_and_followed()
    {
        await using ClusterServer server = await StartAsync();
        CampaignId id = new(1);
        server.Board.Report(id, Sync(1));
        server.Board.Report(id, new ReportLine { Number = 2, Rejected = new RejectedLine(7, "x y", "it has a space") });
        server.Board.Report(id, Sync(3));
        CommandRun run = await CommandRun.OfAsync("", "campaign", "report", "1", "--cluster", server.Url);
        Assert.Equal((0, 2), (run.Code, run.Lines.Length));
        Assert.Equal("line 7: 'x y' is no repository: it has a space\n", run.Error);
        Assert.StartsWith("{\"url\":\"https://example.org/1\"", run.Lines[0], StringComparison.Ordinal);

        Task<CommandRun> following = CommandRun.OfAsync("", "campaign", "report", "1", "--after", "1", "--follow", "--cluster", server.Url);
        server.Board.Report(id, Sync(4));
        server.Board.Change(id, view => view with { Phase = CampaignPhase.Done });
        Assert.Equal(2, (await following).Lines.Length);
    }

    [Fact]
    public async Task Watching_ends_with_the_campaign()
    {
        await using ClusterServer server = await StartAsync();
        Task<CommandRun> watching = CommandRun.OfAsync("", "campaign", "watch", "2", "--cluster", server.Url);
        await server.Board.WatchedAsync(1, Token);
        server.Board.Change(new CampaignId(2), view => view with { Phase = CampaignPhase.Paused });
        await server.Board.WatchedAsync(2, Token);
        server.Board.Change(new CampaignId(2), view => view with { Phase = CampaignPhase.Done });
        CommandRun run = await watching;
        Assert.Equal(0, run.Code);
        Assert.Contains("campaign 2 is paused\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("0 repositories in", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no campaign 9.", "watch", "9")]
    [InlineData("There is no campaign 9.", "report", "9")]
    [InlineData("There is no campaign 9.", "pause", "9")]
    [InlineData("from -100 to 100", "priority", "1", "101")]
    [InlineData("'one' is not a campaign number", "cancel", "one")]
    public async Task What_is_not_there_is_told(string told, params string[] arguments)
    {
        await using ClusterServer server = await StartAsync();
        CommandRun run = await CommandRun.OfAsync("", ["campaign", .. arguments, "--cluster", server.Url]);
        Assert.Equal(ExitCode.Failure, run.Code);
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_lists_silos_hosts_and_campaigns()
    {
        await using ClusterServer server = await StartAsync();
        server.Board.Silos.Add(new SiloView { Name = "silo-1", Status = "Active", Running = 3, Done = 1234, CpuShare = 0.5, MemoryBytes = 2_000_000, Activations = 12 });
        server.Board.Hosts.Add(new HostView
        {
            Host = ForgeHost.Parse("github.com"), Running = 3, Allowed = 8, Waiting = 1000, Done = 5, Throttled = 2, RequestsPerSecond = 1.5,
            SilentUntil = new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero), IsDown = true,
        });
        CommandRun run = await CommandRun.OfAsync("", "status", "--cluster", server.Url);
        Assert.Equal(0, run.Code);
        Assert.Equal($"cluster       {server.Url.TrimEnd('/')}, version 1.2.3", run.Lines[0]);
        Assert.Equal("  silo-1                   Active       running 3, done 1,234, cpu 50 %, 2.00 MB, 12 grains", run.Lines[2]);
        Assert.Equal("  github.com               running 3 of 8, waiting 1,000, done 5, 1.5 requests/s, throttled 2, silent until 2099-01-01T00:00:00Z, down", run.Lines[4]);
        Assert.StartsWith("campaign 2 ", run.Lines[5], StringComparison.Ordinal);
        Assert.Equal(7, run.Lines.Length);
    }

    private static ReportLine Sync(long number) =>
        new() { Number = number, Sync = new SyncReport { Url = RepositoryUrl.Parse($"https://example.org/{number}"), Outcome = Outcome.New } };

    private static async Task<string> TextAsync(ClusterServer server, params string[] arguments)
    {
        CommandRun run = await CommandRun.OfAsync("", ["campaign", .. arguments, "--cluster", server.Url]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        return run.Text;
    }

    private static async Task<ClusterServer> StartAsync()
    {
        ClusterServer server = await ClusterServer.StartAsync();
        for (int i = 0; i < 2; i++)
        {
            using MemoryStream list = new("https://example.org/a\n"u8.ToArray());
            _ = await server.Board.SubmitAsync(new CampaignOrder(), list, Token);
        }

        return server;
    }
}
