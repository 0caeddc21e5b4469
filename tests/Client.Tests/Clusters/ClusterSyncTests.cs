using Actors.Client.Tests.Commands;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Repositories;
using Actors.TestKit;
using Actors.TestKit.Servers;
using Actors.Web.Access;
using Xunit;

namespace Actors.Client.Tests.Clusters;

public sealed class ClusterSyncTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sync_on_a_cluster_writes_the_report_and_the_summary_of_a_sync_here()
    {
        await using ClusterServer server = await ClusterServer.StartAsync();
        string report = _folder["report.jsonl"];
        Task<CommandRun> running = CommandRun.OfAsync(
            "gh:owner/name\nrubbish line\n", "sync", "-", "--cluster", server.Url, "--report", report, "--refs", "all", "--max-age", "1h", "--deadline", "5m", "--parked", "--obey-retry");
        CampaignId id = await server.Board.SubmittedAsync(1, Token);
        server.Board.Report(id, Sync(1, "https://github.com/owner/name", Outcome.New));
        server.Board.Report(id, new ReportLine { Number = 2, Rejected = new RejectedLine(2, "rubbish line", "it has spaces") });
        server.Board.Report(id, Sync(3, "https://example.org/b", Outcome.Gone, "404 Not Found"));
        End(server, id, CampaignPhase.Done, (Outcome.New, 1), (Outcome.Gone, 1));
        CommandRun run = await running;

        Assert.Equal((ExitCode.SomeFailed, ""), (run.Code, run.Text));
        Assert.Equal("gh:owner/name\nrubbish line\n", Assert.Single(server.Board.Lists));
        CampaignOrder order = (await server.Board.FindAsync(id, Token))!.Order;
        Assert.Equal(("all", TimeSpan.FromHours(1), TimeSpan.FromMinutes(5), true, false), (order.Refs.Text, order.MaxAge, order.SyncTimeMax, order.IncludeParked, order.IgnoreRetryTimes));
        string[] lines = File.ReadAllLines(report);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("{\"url\":\"https://github.com/owner/name\",\"outcome\":\"new\"", lines[0], StringComparison.Ordinal);
        foreach (string told in (string[])["campaign 1\n", "line 2: 'rubbish line' is no repository: it has spaces\n", "https://example.org/b: gone: 404 Not Found\n", "2 repositories in"])
        {
            Assert.Contains(told, run.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(CampaignPhase.Done, ExitCode.AllWell)]
    [InlineData(CampaignPhase.Cancelled, ExitCode.SomeFailed)]
    public async Task Exit_code_says_how_the_campaign_ended(CampaignPhase end, int code)
    {
        await using ClusterServer server = await ClusterServer.StartAsync();
        Task<CommandRun> running = CommandRun.OfAsync("", "sync", "https://example.org/a", "--cluster", server.Url, "--report", "-");
        CampaignId id = await server.Board.SubmittedAsync(1, Token);
        server.Board.Report(id, Sync(1, "https://example.org/a", Outcome.Unchanged));
        End(server, id, end, (Outcome.Unchanged, 1));
        CommandRun run = await running;
        Assert.Equal(code, run.Code);
        Assert.Single(run.Lines);
    }

    [Fact]
    public async Task Interrupt_leaves_the_campaign_to_the_cluster_and_resume_finds_it_again()
    {
        await using ClusterServer server = await ClusterServer.StartAsync();
        using CancellationTokenSource interrupt = new();
        Task<CommandRun> running = CommandRun.OfAsync("", interrupt.Token, "sync", "https://example.org/a", "--cluster", server.Url);
        CampaignId id = await server.Board.SubmittedAsync(1, Token);
        await server.Board.WatchedAsync(1, Token);
        await interrupt.CancelAsync();
        CommandRun run = await running;
        Assert.Equal(ExitCode.Interrupted, run.Code);
        Assert.Contains("interrupted: campaign 1 goes on in the cluster. 'actors campaign watch 1' shows it again, 'actors campaign cancel 1' ends it.", run.Error, StringComparison.Ordinal);
        Assert.Equal(CampaignPhase.Running, (await server.Board.FindAsync(id, Token))!.Phase);

        server.Board.Report(id, Sync(1, "https://example.org/a", Outcome.New));
        running = CommandRun.OfAsync("", "sync", "https://example.org/a", "--cluster", server.Url, "--resume", "--report", "-");
        await server.Board.WatchedAsync(2, Token);
        End(server, id, CampaignPhase.Done, (Outcome.New, 1));
        run = await running;
        Assert.Equal(ExitCode.AllWell, run.Code);
        Assert.Single(run.Lines);
        Assert.Single(server.Board.Lists);
    }

    [Fact]
    public async Task Detached_sync_prints_the_number_and_returns()
    {
        await using ClusterServer server = await ClusterServer.StartAsync();
        CommandRun run = await CommandRun.OfAsync("", "sync", "https://example.org/a", "--cluster", server.Url, "--detach");
        Assert.Equal((ExitCode.AllWell, "1\n"), (run.Code, run.Text));
    }

    [Theory]
    [InlineData("--store and --cluster are two places", "--store", "x")]
    [InlineData("--jobs does not go with --cluster", "--jobs", "3")]
    [InlineData("--per-host does not go with --cluster", "--per-host", "3")]
    [InlineData("--rate does not go with --cluster", "--rate", "3")]
    [InlineData("--hosts does not go with --cluster", "--hosts", "x")]
    [InlineData("--new-objects does not go with --cluster", "--new-objects", "x")]
    public async Task Settings_of_the_cluster_are_not_the_caller_s(string told, string option, string value)
    {
        CommandRun run = await CommandRun.OfAsync("", "sync", "https://example.org/a", "--cluster", "http://127.0.0.1:1", option, value);
        Assert.Equal(ExitCode.Failure, run.Code);
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_comes_from_a_file_and_a_wrong_one_is_told()
    {
        await using ClusterServer server = await ClusterServer.StartAsync(AccessTokens.Parse("read reader-0123456789\nwrite writer-0123456789\n"));
        Assert.Contains("asks for a token: set ACTORS_TOKEN, or give --token-file", (await SyncAsync(null)).Error, StringComparison.Ordinal);
        Assert.Contains("does not know this token", (await SyncAsync("wrong-0123456789")).Error, StringComparison.Ordinal);
        Assert.Contains("The token may only read", (await SyncAsync("reader-0123456789")).Error, StringComparison.Ordinal);
        Assert.Empty(server.Board.Lists);
        CommandRun run = await SyncAsync("writer-0123456789");
        Assert.Equal((0, "1\n"), (run.Code, run.Text));

        async Task<CommandRun> SyncAsync(string? token)
        {
            string[] arguments = ["sync", "https://example.org/a", "--cluster", server.Url, "--detach"];
            if (token is null)
            {
                return await CommandRun.OfAsync("", arguments);
            }

            await File.WriteAllTextAsync(_folder["token"], token + "\n", Token);
            CommandRun refused = await CommandRun.OfAsync("", [.. arguments, "--token-file", _folder["token"]]);
            Assert.DoesNotContain(token, refused.Error, StringComparison.Ordinal);
            return refused;
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", "No server answers at http://127.0.0.1:1 (Connection refused): is it running, and is the address right?")]
    [InlineData("http://no-such-host.invalid", "There is no host 'no-such-host.invalid'")]
    [InlineData("127.0.0.1:80", "is no address of a server")]
    [InlineData("ftp://example.org", "is no address of a server")]
    [InlineData("http://me:secret@example.org", "no credentials in the address")]
    public async Task Wrong_address_is_told_with_what_to_do(string url, string told)
    {
        foreach (string[] command in (string[][])[["sync", "https://example.org/a"], ["status"], ["campaign", "list"], ["heads"], ["missing"]])
        {
            CommandRun run = await CommandRun.OfAsync("", [.. command, "--cluster", url]);
            Assert.Equal(ExitCode.Failure, run.Code);
            Assert.Contains(told, run.Error, StringComparison.Ordinal);
        }
    }

    private static ReportLine Sync(long number, string url, Outcome outcome, string? error = null) =>
        new() { Number = number, Sync = new SyncReport { Url = RepositoryUrl.Parse(url), Outcome = outcome, Error = error } };

    private static void End(ClusterServer server, CampaignId id, CampaignPhase phase, params (Outcome Outcome, long Count)[] outcomes) => server.Board.Change(id, view =>
    {
        long[] counts = new long[16];
        foreach ((Outcome outcome, long count) in outcomes)
        {
            counts[(int)outcome] = count;
        }

        return view with
        {
            Phase = phase,
            EndedAt = phase is CampaignPhase.Done or CampaignPhase.Cancelled ? view.SubmittedAt.AddSeconds(2) : null,
            Progress = view.Progress with { Elapsed = TimeSpan.FromSeconds(2), Outcomes = counts },
        };
    });
}
