using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Outcomes;
using Actors.Sync.Repositories;
using Actors.TestKit;
using Actors.TestKit.Clocks;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Actors.Sync.Tests.Engines;

/// <summary>The engine as it runs: on all threads. What depends on the order of things is proven by simulation.</summary>
public sealed class LocalEngineTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MemoryHeadStore _heads = new();
    private readonly RecordingObserver _observer = new();
    private readonly ServerProfiles _profiles = new();
    private TimeProvider _clock = TimeProvider.System;
    private Func<RepositoryUrl, CancellationToken, Task<RemoteFailure?>> _remote = (_, _) => Task.FromResult<RemoteFailure?>(null);
    private int _asked;

    public async ValueTask DisposeAsync()
    {
        await _heads.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Each_line_is_visited_skipped_or_rejected_with_its_number()
    {
        CampaignState campaign = await RunAsync(
            """
            # forges
            https://a.example/1
            ftp://a.example/2
            https://b.example/1   # again below

            https://B.example/1/
            gh:owner/repo;1111111111111111111111111111111111111111
            ext::sh -c true
            https://a.example/1
            """);
        Assert.Equal(["https://a.example/1", "https://b.example/1", "https://github.com/owner/repo"], _observer.Reports.Select(r => r.Url.ToString()).Order());
        Assert.Equal([3, 8], _observer.Rejected.Select(r => r.Number));
        Assert.Equal("ftp://a.example/2", _observer.Rejected[0].Line);
        Assert.Equal((9, 3, 3), (campaign.LinesDone, campaign.Outcomes[(int)Outcome.New], campaign.Outcomes.Sum()));
        CampaignProgress last = _observer.Last!;
        Assert.Equal((9, 3, 2, 2, 0), (last.LinesRead, last.Repositories, last.Duplicates, last.Rejected, last.Skipped));
    }

    [Fact]
    public async Task Empty_list_is_a_campaign_that_ends()
    {
        CampaignState campaign = await RunAsync("");
        Assert.Equal((0, 0), (campaign.LinesDone, campaign.Outcomes.Sum()));
        Assert.NotNull(campaign.EndedAt);
    }

    [Fact]
    public async Task Tens_of_thousands_on_many_hosts_are_each_visited_once()
    {
        string list = string.Join('\n', Enumerable.Range(0, 30_000).Select(n => $"https://h{n / 3000}.example/{n % 29_000}"));
        _remote = async (_, _) =>
        {
            await Task.Yield();
            return null;
        };
        CampaignState campaign = await RunAsync(list);
        Assert.Equal((30_000, 30_000), (campaign.LinesDone, campaign.Outcomes.Sum()));
        Assert.Equal(30_000, _observer.Reports.Select(r => r.Url).Distinct().Count());
    }

    [Fact]
    public async Task Young_successes_and_visits_that_are_to_come_later_are_skipped()
    {
        ManualTimeProvider clock = new();
        _clock = clock;
        _remote = (url, _) => Task.FromResult(url.ToString().EndsWith("gone", StringComparison.Ordinal) ? new RemoteFailure(RemoteFailureKind.NotFound, "404") : null);
        const string List = "https://a.example/1\nhttps://a.example/gone";
        await RunAsync(List);
        clock.Advance(TimeSpan.FromMinutes(30));
        await RunAsync(List, r => r with { MaxAge = TimeSpan.FromHours(1) });
        Assert.Equal((2, 2), (_asked, _observer.Last!.Skipped));
        await RunAsync(List, r => r with { MaxAge = TimeSpan.FromMinutes(20) });
        Assert.Equal((3, 1), (_asked, _observer.Last!.Skipped));
        await RunAsync(List, r => r with { MaxAge = TimeSpan.FromHours(1), IgnoreRetryTimes = true });
        Assert.Equal((4, 1), (_asked, _observer.Last!.Skipped));
    }

    [Fact]
    public async Task Visit_is_recorded_before_it_is_reported()
    {
        List<bool> recorded = [];
        RecordingObserver observer = new()
        {
            OnReport = report => recorded.Add(_heads.FindAsync([report.Url], CancellationToken.None).AsTask().GetAwaiter().GetResult()[0] is { Visit: 1 }),
        };
        await RunAsync("https://a.example/1\nhttps://a.example/2", observer: observer);
        Assert.Equal([true, true], recorded);
    }

    [Fact]
    public async Task Cancelled_campaign_lets_running_syncs_end_and_resumes_behind_what_is_done()
    {
        using CancellationTokenSource cancel = new();
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _remote = async (url, _) =>
        {
            if (url.ToString().EndsWith("/3", StringComparison.Ordinal))
            {
                begun.TrySetResult();
                await go.Task;
            }

            return null;
        };
        string list = string.Join('\n', Enumerable.Range(1, 10).Select(n => $"https://a.example/{n}"));
        Task<CampaignState> run = RunAsync(list, r => r with { Jobs = 1 }, cancellationToken: cancel.Token);
        await begun.Task;
        await cancel.CancelAsync();
        go.SetResult();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal(3, _asked);
        CampaignState saved = (await _heads.ListCampaignsAsync(CancellationToken.None).ToListAsync())[0];
        Assert.Equal((3, null), (saved.LinesDone, saved.EndedAt));

        CampaignState campaign = await RunAsync(list, r => r with { Resume = true });
        Assert.True(_observer.Resumed);
        Assert.Equal((saved.Id, 10, 10), (campaign.Id, campaign.LinesDone, campaign.Outcomes.Sum()));
        Assert.Equal((10, 7), (_asked, _observer.Last!.Outcomes.Sum()));
        await RunAsync(list, r => r with { Resume = true });
        Assert.False(_observer.Resumed);
        Assert.Equal(20, _asked);
    }

    [Fact]
    public async Task Sync_that_outlasts_the_grace_is_cancelled_and_not_recorded()
    {
        ManualTimeProvider clock = new();
        _clock = clock;
        using CancellationTokenSource cancel = new();
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _remote = async (_, cancellationToken) =>
        {
            begun.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return null;
        };
        Task<CampaignState> run = RunAsync("https://a.example/1", cancellationToken: cancel.Token);
        await begun.Task;
        await cancel.CancelAsync();
        Assert.False(run.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Empty(_observer.Reports);
        Assert.Null((await _heads.FindAsync([RepositoryUrl.Parse("https://a.example/1")], CancellationToken.None))[0]);
    }

    [Fact]
    public async Task Failure_of_ours_stops_the_campaign_and_is_thrown()
    {
        _remote = (url, _) => url.ToString().EndsWith("/7", StringComparison.Ordinal) ? throw new InvalidOperationException("a bug") : Task.FromResult<RemoteFailure?>(null);
        string list = string.Join('\n', Enumerable.Range(1, 100).Select(n => $"https://a.example/{n}"));
        InvalidOperationException failure = await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(list));
        Assert.Equal("a bug", failure.Message);
    }

    [Fact]
    public async Task Retry_after_survives_a_restart()
    {
        ManualTimeProvider clock = new();
        _clock = clock;
        bool throttles = true;
        _remote = (_, _) => Task.FromResult(throttles ? new RemoteFailure(RemoteFailureKind.Throttled, "slow down", 429, TimeSpan.FromHours(2)) : null);
        await RunAsync("https://a.example/1\nhttps://a.example/2", r => r with { Jobs = 1 });

        // Two hours are longer than a campaign waits: the second ends without being asked.
        Assert.Equal([Outcome.Throttled, Outcome.Throttled], _observer.Reports.Select(r => r.Outcome));
        Assert.Equal((1, 0), (_asked, _observer.Reports[1].Requests));
        Assert.Equal("not asked: a.example wants no requests for now", _observer.Reports[1].Error);

        throttles = false;
        clock.Advance(TimeSpan.FromMinutes(60));
        await RunAsync("https://a.example/3");
        Assert.Equal((1, Outcome.Throttled), (_asked, _observer.Reports[2].Outcome));
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 2, 0, 0, TimeSpan.Zero), _observer.Reports[2].RetryAt);
        clock.Advance(TimeSpan.FromMinutes(61));
        await RunAsync("https://a.example/4");
        Assert.Equal((2, Outcome.New), (_asked, _observer.Reports[3].Outcome));
    }

    [Fact]
    public async Task What_servers_teach_is_kept_for_the_next_run()
    {
        ForgeHost host = ForgeHost.Parse("a.example");
        ServerProfile learnt = new(2, Filter: true, Agent: "git/2.50.0");
        _remote = (_, _) =>
        {
            _profiles.Learn(host, learnt);
            return Task.FromResult<RemoteFailure?>(null);
        };
        await RunAsync("https://a.example/1");
        ServerProfiles fresh = new();
        await using LocalEngine engine = Engine(fresh);
        await engine.RunAsync(Request("# nothing"), _observer, CancellationToken.None);
        Assert.Equal(learnt, fresh.Find(host));
        Assert.Null(fresh.Learnt);
    }

    [Fact]
    public async Task Store_is_compacted_at_the_end_and_its_failure_is_not_the_campaigns()
    {
        int compactions = 0;
        await using LocalEngine engine = Engine(_profiles, _ => ++compactions == 1 ? Task.FromResult(true) : throw new IOException("disk"));
        await engine.RunAsync(Request("https://a.example/1"), _observer, CancellationToken.None);
        await engine.RunAsync(Request("https://a.example/1"), _observer, CancellationToken.None);
        Assert.Equal(2, compactions);
    }

    [Fact]
    public async Task One_engine_runs_one_campaign_at_a_time()
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _remote = async (_, _) =>
        {
            begun.SetResult();
            await go.Task;
            return null;
        };
        await using LocalEngine engine = Engine(_profiles);
        Task<CampaignState> first = engine.RunAsync(Request("https://a.example/1"), _observer, CancellationToken.None);
        await begun.Task;
        await Assert.ThrowsAsync<InvalidOperationException>(() => engine.RunAsync(Request("https://a.example/2"), new RecordingObserver(), CancellationToken.None));
        go.SetResult();
        await first;
        await engine.RunAsync(Request(""), _observer, CancellationToken.None);
    }

    private static CampaignRequest Request(string list) => new() { List = new StringReader(list), Key = "list" };

    private async Task<CampaignState> RunAsync(
        string list, Func<CampaignRequest, CampaignRequest>? change = null, ICampaignObserver? observer = null, CancellationToken cancellationToken = default)
    {
        // A clock moved by hand moves a campaign on one thread, from timer to timer; with a context, continuations would leave it.
        ManualTimeProvider? clock = cancellationToken == default ? _clock as ManualTimeProvider : null;
        SynchronizationContext.SetSynchronizationContext(null);
        await using LocalEngine engine = Engine(_profiles, inline: clock is not null);
        CampaignRequest request = Request(list);
        Task<CampaignState> run = engine.RunAsync(change?.Invoke(request) ?? request, observer ?? _observer, cancellationToken);
        while (clock is not null && !run.IsCompleted)
        {
            Assert.True(clock.AdvanceToNextTimer());
        }

        return await run;
    }

    private LocalEngine Engine(ServerProfiles profiles, CompactionStep? compact = null, bool inline = false) => new(
        _ => SyncAsync, compact, profiles, _heads, _clock, new Random(1), NullLoggerFactory.Instance,
        new LocalEngineOptions { SpoolFolder = _folder["spool"], Inline = inline });

    private async Task<SyncResult> SyncAsync(RepositoryUrl url, RepositoryState? known, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        DateTimeOffset startedAt = _clock.GetUtcNow();
        RemoteFailure? failure = await _remote(url, cancellationToken);
        Verdict? verdict = failure is null ? null : OutcomeRules.Judge(failure, 0, startedAt);
        Outcome outcome = verdict?.Outcome ?? (known?.Snapshot is null ? Outcome.New : Outcome.Unchanged);
        SyncReport report = new() { Url = url, Outcome = outcome, RetryAt = verdict?.RetryAt, Requests = 1 };
        Visit visit = new() { Url = url, StartedAt = startedAt, Outcome = outcome, RetryAt = verdict?.RetryAt, NewSnapshot = outcome == Outcome.New ? Snapshot.Empty : null };
        return new SyncResult(report, visit, failure);
    }
}
