using System.Collections.Concurrent;
using System.Text;
using Actors.Git.Remotes;
using Actors.Grains.Tests.Repositories;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.TestKit.Servers;
using Orleans.TestingHost;
using Xunit;

namespace Actors.Grains.Tests.Campaigns;

public sealed class ClusterCampaignTests(SharedPostgres postgres)
{
    private static readonly SiloWorkOptions Work = new() { ChunkLease = TimeSpan.FromSeconds(4), DrainTime = TimeSpan.FromSeconds(5) };

    [Fact]
    public async Task A_campaign_outlives_a_killed_silo_and_a_drained_one_and_every_repository_gets_one_outcome()
    {
        const int Repositories = 600;
        ConcurrentDictionary<RepositoryUrl, int> begun = new();
        ConcurrentDictionary<ForgeHost, int> running = new();
        int most = 0;
        TaskCompletionSource half = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestCluster cluster = await TestCluster.StartAsync(
            postgres,
            3,
            _ => async (url, _, cancellationToken) =>
            {
                begun.AddOrUpdate(url, 1, (_, n) => n + 1);
                most = Math.Max(most, running.AddOrUpdate(url.Host, 1, (_, n) => n + 1));
                try
                {
                    await ServeAsync(cancellationToken);
                }
                finally
                {
                    running.AddOrUpdate(url.Host, 0, (_, n) => n - 1);
                }

                if (begun.Count > Repositories / 3)
                {
                    half.TrySetResult();
                }

                return RepositoryGrainTests.Ended(url, Outcome.Updated);
            },
            Work);
        ICampaignBoard board = cluster.Of<ICampaignBoard>(cluster.Silos[0]);
        string list = string.Join('\n', Enumerable.Range(0, Repositories).Select(n => $"https://forge{n % 6}.example/owner/{n}")) + "\n;;no URL\nhttps://forge0.example/owner/0\n";
        CampaignId id = await board.SubmitAsync(new CampaignOrder { Name = "test" }, new MemoryStream(Encoding.UTF8.GetBytes(list)), CancellationToken.None);
        await half.Task;
        InProcessSiloHandle killed = cluster.Silos[1], drained = cluster.Silos[2];
        await cluster.KillAsync(killed);
        await cluster.StopAsync(drained);
        await cluster.JoinAsync();

        CampaignView last = null!;
        await foreach (CampaignView view in board.WatchAsync(id, CancellationToken.None))
        {
            last = view;
        }

        Assert.Equal(CampaignPhase.Done, last.Phase);
        Assert.Equal((Repositories, 1L), (last.Progress.Outcomes[(int)Outcome.Updated], last.Progress.Duplicates));
        List<ReportLine> report = [];
        await foreach (ReportLine line in board.ReadReportAsync(id, 0, follow: false, CancellationToken.None))
        {
            report.Add(line);
        }

        Assert.Equal(Repositories, report.Where(r => r.Sync is not null).Select(r => r.Sync!.Url).Distinct().Count());
        Assert.Equal(Repositories + last.Progress.Rejected, report.Count);
        Assert.InRange(most, 1, 8);
        await foreach (RepositoryState state in cluster.Heads.ListAsync(CancellationToken.None))
        {
            Assert.Equal((1L, id), (state.Visit, state.Campaign));
        }
    }

    [Fact]
    public async Task A_paused_campaign_begins_nothing_more_and_goes_on_when_resumed()
    {
        int begun = 0;
        TaskCompletionSource some = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestCluster cluster = await TestCluster.StartAsync(
            postgres,
            1,
            _ => async (url, _, cancellationToken) =>
            {
                await ServeAsync(cancellationToken);
                if (Interlocked.Increment(ref begun) == 20)
                {
                    some.SetResult();
                }

                return RepositoryGrainTests.Ended(url, Outcome.Unchanged);
            },
            Work);
        ICampaignBoard board = cluster.Of<ICampaignBoard>(cluster.Silos[0]);
        string list = string.Join('\n', Enumerable.Range(0, 2000).Select(n => $"https://forge.example/owner/{n}"));
        CampaignId id = await board.SubmitAsync(new CampaignOrder(), new MemoryStream(Encoding.UTF8.GetBytes(list)), CancellationToken.None);
        await some.Task;
        Assert.Equal(CampaignPhase.Paused, await board.SteerAsync(id, CampaignPhase.Paused, CancellationToken.None));
        Assert.Equal(CampaignPhase.Paused, (await board.FindAsync(id, CancellationToken.None))!.Phase);
        Assert.Equal(CampaignPhase.Running, await board.SteerAsync(id, CampaignPhase.Running, CancellationToken.None));
        Assert.Equal(CampaignPhase.Cancelled, await board.SteerAsync(id, CampaignPhase.Cancelled, CancellationToken.None));
        CampaignView? last = null;
        await foreach (CampaignView view in board.WatchAsync(id, CancellationToken.None))
        {
            last = view;
        }

        Assert.Equal(CampaignPhase.Cancelled, last!.Phase);
        Assert.Single(await board.ListSilosAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Campaigns_tell_what_runs_for_them_silos_what_they_hold_and_why_a_repository_is_not_done()
    {
        ShiftedClock clock = new();
        int begun = 0;
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously), go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestCluster cluster = await TestCluster.StartAsync(
            postgres,
            2,
            _ => async (url, _, cancellationToken) =>
            {
                if (Interlocked.Increment(ref begun) == 8)
                {
                    all.SetResult();
                }

                await go.Task.WaitAsync(cancellationToken);
                return RepositoryGrainTests.Ended(url, Outcome.Unchanged);
            },
            Work,
            clock: clock);
        ICampaignBoard board = cluster.Of<ICampaignBoard>(cluster.Silos[0]);
        CampaignId three = await SubmitAsync(board, "three", "https://a.example/1\nhttps://a.example/2\nhttps://b.example/3\n");
        CampaignId five = await SubmitAsync(board, "five", string.Join('\n', Enumerable.Range(10, 5).Select(n => $"https://c.example/{n}")));
        await all.Task;
        clock.Advance(TimeSpan.FromSeconds(10));
        (CampaignProgress small, CampaignProgress large) = ((await board.FindAsync(three, CancellationToken.None))!.Progress, (await board.FindAsync(five, CancellationToken.None))!.Progress);
        Assert.Equal((3, 5), (small.Running, large.Running));
        Assert.Equal([("a.example", 2, 0L), ("b.example", 1, 0L)], small.Hosts.Select(h => (h.Host.ToString(), h.Running, h.Waiting)));
        Assert.Equal([("c.example", 5, 0L)], large.Hosts.Select(h => (h.Host.ToString(), h.Running, h.Waiting)));
        IReadOnlyList<SiloView> silos = await board.ListSilosAsync(CancellationToken.None);
        Assert.Equal((2, 8), (silos.Count, silos.Sum(s => s.Running)));

        // A grain for each visit, each host and each campaign, and some of Orleans' own.
        Assert.InRange(silos.Sum(s => s.Activations), 8 + 3 + 2, 60);
        IReadOnlyList<string> sentences = await board.ExplainAsync(RepositoryUrl.Parse("https://c.example/10"), CancellationToken.None);
        Assert.StartsWith("It is being visited since ", sentences[0], StringComparison.Ordinal);
        Assert.Contains($"Campaign {five} \"five\" has taken it up.", sentences);
        Assert.Contains($"Campaign {three} \"three\" does not have it now: its line is done, or waits to be taken up, or is not in the list.", sentences);
        Assert.Equal("It was never visited.", sentences[^1]);
        go.SetResult();
        await foreach (CampaignView view in board.WatchAsync(five, CancellationToken.None))
        {
            _ = view;
        }

        clock.Advance(TimeSpan.FromSeconds(10));
        sentences = await board.ExplainAsync(RepositoryUrl.Parse("https://c.example/10"), CancellationToken.None);
        Assert.StartsWith("It was last visited at ", sentences[^1], StringComparison.Ordinal);
        Assert.EndsWith($" by campaign {five}: unchanged.", sentences[^1], StringComparison.Ordinal);

        // What is young enough is no repository of a campaign's: its share and the time left are of the others.
        CampaignId young = await SubmitAsync(board, "young", "https://c.example/10\nhttps://c.example/11\nhttps://d.example/1\n", TimeSpan.FromHours(1));
        CampaignView? ended = null;
        await foreach (CampaignView view in board.WatchAsync(young, CancellationToken.None))
        {
            ended = view;
        }

        Assert.Equal((1L, 1L, 2L), (ended!.Progress.Repositories, ended.Progress.Outcomes[(int)Outcome.Unchanged], ended.Progress.Skipped));
    }

    private static Task<CampaignId> SubmitAsync(ICampaignBoard board, string name, string list, TimeSpan maxAge = default) =>
        board.SubmitAsync(new CampaignOrder { Name = name, MaxAge = maxAge }, new MemoryStream(Encoding.UTF8.GetBytes(list)), CancellationToken.None);

    /// <summary>A visit that others can overtake.</summary>
    private static async Task ServeAsync(CancellationToken cancellationToken)
    {
        for (int turn = 0; turn < 100; turn++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
