using System.Text;
using System.Threading.Channels;
using Actors.Git.Remotes;
using Actors.Grains.Campaigns;
using Actors.Grains.Tests.Repositories;
using Actors.Store.Heads;
using Actors.Store.Schedules;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Schedules;
using Actors.TestKit.Servers;
using Orleans.TestingHost;
using Xunit;

namespace Actors.Grains.Tests.Campaigns;

public sealed class ClusterWatchTests(SharedPostgres postgres)
{
    private static readonly SiloWorkOptions Work = new() { ChunkLease = TimeSpan.FromSeconds(4), DrainTime = TimeSpan.FromSeconds(1), VisitsADay = 1, VisitLease = TimeSpan.FromHours(12) };

    /// <summary>Visits as they end, and those that were waited for.</summary>
    private readonly Channel<(int Silo, RepositoryUrl Url)> _ends = Channel.CreateUnbounded<(int, RepositoryUrl)>();

    private readonly List<(int Silo, RepositoryUrl Url)> _ended = [];
    private readonly ShiftedClock _clock = new();

    /// <summary>Visits that must not be disturbed by a clock that is moved.</summary>
    private int _running;

    [Fact]
    public async Task What_is_due_is_visited_once_by_one_of_two_silos_and_a_push_told_to_either_brings_the_next_visit()
    {
        await using TestCluster cluster = await StartAsync(Work, (_, _) => Task.CompletedTask);
        RepositoryUrl[] urls = await ScheduleAsync(cluster, 400, hosts: 40);
        await EndAsync(urls.Length);
        Assert.Equal([0, 1], _ended.Select(end => end.Silo).Distinct().Order());
        Assert.Equal(Texts(urls), Texts(_ended.Select(end => end.Url)));

        // Two that change rarely and are not due for long.
        RepositoryUrl[] quiet = [RepositoryUrl.Parse("https://quiet.example/1"), RepositoryUrl.Parse("https://quiet.example/2")];
        await ((IScheduleStore)cluster.Heads).AddScheduledAsync([.. quiet.Select(Quiet)], CancellationToken.None);
        for (int silo = 0; silo < 2; silo++)
        {
            Assert.Equal(1, await WatchOf(cluster, silo).TellAsync([new ToldChange(quiet[silo], _clock.GetUtcNow())], CancellationToken.None));
            await EndAsync(1);
        }

        Assert.Equal(quiet, _ended.Skip(urls.Length).Select(end => end.Url));

        // Every silo tells of all; a campaign is not told of.
        WatchView view;
        do
        {
            _clock.Advance(Limits.FiguresAge);
            view = (await cluster.Of<ICampaignBoard>(cluster.Silos[1]).ViewWatchAsync(CancellationToken.None))!;
        }
        while (view.Visits < urls.Length + 2);

        Assert.Equal((urls.Length + 2L, 1.0, 2L, null), (view.Visits, view.VisitsADay, view.Told, view.Failure));
        Assert.Equal(urls.Length + 2L, WatchOf(cluster, 0).View.Visits + WatchOf(cluster, 1).View.Visits);
    }

    [Fact]
    public async Task What_the_store_knows_and_what_campaigns_visit_is_watched_from_then_on()
    {
        await using TestCluster cluster = await StartAsync(
            Work, (_, _) => Task.CompletedTask, before: heads => heads.RecordAsync([VisitOf("https://known.example/1", DateTimeOffset.UtcNow.AddYears(-1))], CancellationToken.None));
        await EndAsync(1);
        CampaignId id = await SubmitAsync(cluster, "https://campaign.example/1\n");
        await EndAsync(1);
        RepositoryUrl[] urls = [RepositoryUrl.Parse("https://known.example/1"), RepositoryUrl.Parse("https://campaign.example/1")];
        Assert.Equal(urls, _ended.Select(end => end.Url));
        await foreach (CampaignView view in cluster.Of<ICampaignBoard>(cluster.Silos[0]).WatchAsync(id, CancellationToken.None))
        {
            _ = view;
        }

        // The watch writes by and by.
        ScheduledVisit?[] scheduled;
        do
        {
            scheduled = [.. await ((IScheduleStore)cluster.Heads).FindScheduledAsync(urls, CancellationToken.None)];
        }
        while (scheduled.Any(visit => visit?.DueAt is null || visit.DueAt < _clock.GetUtcNow().AddMinutes(11)));

        Assert.All(scheduled, visit => Assert.Equal(ScheduleQueue.Known, visit!.Queue));
        Assert.Equal([0L, id.Number], (await cluster.Heads.FindAsync(urls, CancellationToken.None)).Select(state => state!.Campaign.Number));
    }

    [Fact]
    public async Task What_a_killed_silo_had_taken_is_visited_by_another()
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously), never = new();
        await using TestCluster cluster = await StartAsync(
            Work with { VisitLease = TimeSpan.FromSeconds(2) },
            (silo, cancellationToken) =>
            {
                begun.TrySetResult();
                return silo == 0 ? never.Task.WaitAsync(cancellationToken) : Task.CompletedTask;
            },
            silos: 1);
        RepositoryUrl[] urls = await ScheduleAsync(cluster, 300, hosts: 10);
        await begun.Task;
        InProcessSiloHandle dies = cluster.Silos[0];
        await cluster.JoinAsync();
        await cluster.KillAsync(dies);
        HashSet<RepositoryUrl> left = [.. urls];
        while (left.Count > 0)
        {
            await EndAsync(1);
            left.Remove(_ended[^1].Url);
        }

        Assert.All(_ended, end => Assert.Equal(1, end.Silo));
    }

    [Fact]
    public async Task Campaign_and_watch_of_two_silos_share_a_hosts_permits()
    {
        int most = 0;
        await using TestCluster cluster = await StartAsync(
            Work,
            async (_, cancellationToken) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref _running));
                try
                {
                    for (int turn = 0; turn < 100; turn++)
                    {
                        cancellationToken.ThrowIfCancellationRequested();
                        await Task.Yield();
                    }
                }
                finally
                {
                    Interlocked.Decrement(ref _running);
                }
            },
            new HostLimits(2, double.PositiveInfinity));
        RepositoryUrl[] due = await ScheduleAsync(cluster, 200, hosts: 1);
        RepositoryUrl[] listed = [.. Enumerable.Range(1000, 200).Select(n => RepositoryUrl.Parse($"https://forge0.example/owner/{n}"))];
        CampaignId id = await SubmitAsync(cluster, string.Join('\n', Texts(listed)));
        await EndAsync(due.Length + listed.Length);
        Assert.Equal(Texts([.. due, .. listed]), Texts(_ended.Select(end => end.Url)));
        Assert.InRange(most, 1, 2);
        CampaignView? last = null;
        await foreach (CampaignView view in cluster.Of<ICampaignBoard>(cluster.Silos[0]).WatchAsync(id, CancellationToken.None))
        {
            last = view;
        }

        Assert.Equal((CampaignPhase.Done, (long)listed.Length), (last!.Phase, last.Progress.Outcomes[(int)Outcome.Unchanged]));
    }

    [Fact]
    public async Task A_silo_that_does_not_work_is_ready_hears_of_pushes_and_visits_nothing()
    {
        await using TestCluster cluster = await StartAsync(Work with { Works = false }, (_, _) => throw new InvalidOperationException("A visit."), silos: 1);
        InProcessSiloHandle silo = cluster.Silos[0];
        RepositoryUrl url = (await ScheduleAsync(cluster, 1, hosts: 1))[0];
        while (cluster.Of<SiloWork>(silo).NotReady is not null)
        {
            await Task.Yield();
        }

        Assert.Equal(1, await WatchOf(cluster, 0).TellAsync([new ToldChange(url, _clock.GetUtcNow())], CancellationToken.None));
        Assert.Null(await cluster.Of<ICampaignBoard>(silo).ViewWatchAsync(CancellationToken.None));
        await cluster.StopAsync(silo);
        Assert.Equal(1, (await ((IScheduleStore)cluster.Heads).ReadScheduleFiguresAsync(_clock.GetUtcNow(), CancellationToken.None)).Single().Due);
    }

    private static Watch WatchOf(TestCluster cluster, int silo) => cluster.Of<SiloWatch>(cluster.Silos[silo]).Watch!;

    private static Visit VisitOf(string url, DateTimeOffset at) => new() { Url = RepositoryUrl.Parse(url), StartedAt = at, Outcome = Outcome.Unchanged };

    private static ScheduledVisit Quiet(RepositoryUrl url) => ScheduleRule.New(url, DateTimeOffset.UtcNow) with
    {
        Queue = ScheduleQueue.Known, ObservedAt = DateTimeOffset.UtcNow.AddDays(-10), DueAt = DateTimeOffset.UtcNow.AddDays(100), Shape = 0.1f, ExposureDays = 1000,
    };

    private static IEnumerable<string> Texts(IEnumerable<RepositoryUrl> urls) => urls.Select(url => url.ToString()).Order(StringComparer.Ordinal);

    private static Task<CampaignId> SubmitAsync(TestCluster cluster, string list) =>
        cluster.Of<ICampaignBoard>(cluster.Silos[0]).SubmitAsync(new CampaignOrder(), new MemoryStream(Encoding.UTF8.GetBytes(list)), CancellationToken.None);

    private static async Task<RepositoryUrl[]> ScheduleAsync(TestCluster cluster, int repositories, int hosts)
    {
        RepositoryUrl[] urls = [.. Enumerable.Range(0, repositories).Select(n => RepositoryUrl.Parse($"https://forge{n % hosts}.example/owner/{n}"))];
        await ((IScheduleStore)cluster.Heads).AddScheduledAsync([.. urls.Select(url => ScheduleRule.New(url, DateTimeOffset.UtcNow))], CancellationToken.None);
        return urls;
    }

    /// <summary>Silos whose visits are told apart, from 0 in the order of their starts.</summary>
    private async Task<TestCluster> StartAsync(
        SiloWorkOptions work, Func<int, CancellationToken, Task> visit, HostLimits? limits = null, Func<IHeadStore, ValueTask>? before = null, short silos = 2)
    {
        int last = -1;
        return await TestCluster.StartAsync(
            postgres,
            silos,
            null!,
            work,
            limits,
            parts =>
            {
                int silo = Interlocked.Increment(ref last);
                return parts with
                {
                    Steps = _ => async (url, _, cancellationToken) =>
                    {
                        await visit(silo, cancellationToken);
                        _ends.Writer.TryWrite((silo, url));
                        return RepositoryGrainTests.Ended(url, Outcome.Unchanged);
                    },
                };
            },
            _clock,
            prepare: before);
    }

    /// <summary>
    /// Waits for visits. Where none ends for long and none runs, what is left was put back (its owner died or was not reached in time): then it becomes due.
    /// </summary>
    private async Task EndAsync(int count)
    {
        for (int end = 0; end < count;)
        {
            using CancellationTokenSource idle = new(TimeSpan.FromSeconds(2));
            if (await _ends.Reader.WaitToReadAsync(idle.Token).AsTask().ContinueWith(static wait => wait.IsCompletedSuccessfully, TaskScheduler.Default))
            {
                _ended.Add(await _ends.Reader.ReadAsync());
                end++;
            }
            else if (Volatile.Read(ref _running) == 0)
            {
                _clock.Advance(TimeSpan.FromMinutes(6));
            }
        }
    }
}
