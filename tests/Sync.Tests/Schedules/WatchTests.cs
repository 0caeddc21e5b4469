using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Schedules;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.Outcomes;
using Actors.Sync.Repositories;
using Actors.Sync.Schedules;
using Actors.Sync.Tests.Engines;
using Actors.TestKit;
using Actors.TestKit.Clocks;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Actors.Sync.Tests.Schedules;

/// <summary>On one thread, with a clock that is moved from timer to timer.</summary>
public sealed class WatchTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MemoryHeadStore _heads = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly List<(string Url, DateTimeOffset At)> _visits = [];
    private Func<string, Outcome> _remote = _ => Outcome.Unchanged;

    public async ValueTask DisposeAsync()
    {
        await _heads.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Each_new_repository_is_visited_once_and_then_only_when_it_is_due()
    {
        Watch watch = Watch(once: true);
        Assert.Equal((3, 1), await watch.AddAsync(new StringReader("https://a.example/1\nhttps://a.example/2\n\nftp://a.example/2\nhttps://b.example/1\n"), default));
        await RunAsync(watch);
        Assert.Equal(["https://a.example/1", "https://a.example/2", "https://b.example/1"], _visits.Select(visit => visit.Url).Order());
        await RunAsync(Watch(once: true));
        Assert.Equal(3, _visits.Count);
        _clock.Advance(TimeSpan.FromDays(200));
        await RunAsync(Watch(once: true));
        Assert.Equal(6, _visits.Count);
        Assert.Equal(new ScheduleFigures(ScheduleQueue.Known, 3, 0, null), (await FiguresAsync()).Queues.Single() with { EarliestDueAt = null });
    }

    [Fact]
    public async Task What_changes_is_visited_more_often_in_one_run_until_it_is_stopped()
    {
        _remote = url => url.EndsWith("busy", StringComparison.Ordinal) ? Outcome.Updated : Outcome.Unchanged;
        using CancellationTokenSource stop = new();
        Watch watch = Watch(visitsADay: 12);
        await watch.AddAsync(new StringReader("https://a.example/busy\nhttps://a.example/quiet\nhttps://a.example/calm"), default);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(watch, stop, () => _visits.Count >= 30));
        Dictionary<string, int> counts = _visits.CountBy(visit => visit.Url).ToDictionary();
        Assert.True(counts["https://a.example/busy"] > 2 * counts["https://a.example/quiet"], string.Join(' ', counts));
        Assert.InRange(counts["https://a.example/calm"], 2, 10);
        Assert.Equal(3, (await FiguresAsync()).Repositories);
    }

    [Fact]
    public async Task What_was_not_visited_when_it_stopped_is_due_as_before()
    {
        using CancellationTokenSource stop = new();
        Watch watch = Watch();
        await watch.AddAsync(new StringReader(string.Join('\n', Enumerable.Range(0, 400).Select(n => $"https://a.example/{n}"))), default);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(watch, stop, () => _visits.Count >= 5));
        int visited = _visits.Count;
        Assert.InRange(visited, 5, 300);
        Assert.Equal(400 - visited, (await FiguresAsync()).Queues.Single(queue => queue.Queue == ScheduleQueue.First).Due);
        await RunAsync(Watch(once: true));
        Assert.Equal(400, _visits.DistinctBy(visit => visit.Url).Count());
        Assert.Equal(400, _visits.Count);
    }

    [Fact]
    public async Task A_push_brings_the_visit_and_one_to_a_stranger_is_passed_over()
    {
        Watch watch = Watch(once: true);
        await watch.AddAsync(new StringReader("https://a.example/1\nhttps://a.example/2"), default);
        await RunAsync(watch);
        _clock.Advance(TimeSpan.FromHours(20));
        ToldChange push = new(RepositoryUrl.Parse("https://a.example/2"), _clock.GetUtcNow().AddHours(-10));
        Assert.Equal(1, await watch.TellAsync([push, push with { Url = RepositoryUrl.Parse("https://a.example/3") }], default));
        _clock.Advance(TimeSpan.FromHours(6));
        await RunAsync(Watch(once: true));
        Assert.Equal(["https://a.example/2"], _visits.Skip(2).Select(visit => visit.Url));
        Assert.Equal(1, await watch.TellAsync([push], default));
        await RunAsync(Watch(once: true));
        Assert.Equal(3, _visits.Count);
    }

    [Fact]
    public async Task What_fails_cools_down_and_what_another_campaign_visited_is_left_alone()
    {
        _remote = url => url.EndsWith("gone", StringComparison.Ordinal) ? Outcome.Gone : Outcome.Unchanged;
        Watch watch = Watch(once: true);
        await watch.AddAsync(new StringReader("https://a.example/gone\nhttps://a.example/1"), default);
        await RunAsync(watch);
        _clock.Advance(TimeSpan.FromDays(3));
        await _heads.RecordAsync([new Visit { Url = RepositoryUrl.Parse("https://a.example/1"), StartedAt = _clock.GetUtcNow(), Outcome = Outcome.Unchanged }], default);
        _clock.Advance(TimeSpan.FromHours(1));
        await RunAsync(Watch(once: true));
        Assert.Equal(2, _visits.Count);
        _clock.Advance(TimeSpan.FromDays(1));
        await RunAsync(Watch(once: true));
        Assert.Equal("https://a.example/gone", _visits[2].Url);
    }

    [Fact]
    public async Task What_the_store_knows_is_scheduled_by_its_last_visit()
    {
        Visit visit = new() { Url = RepositoryUrl.Parse("https://a.example/1"), StartedAt = _clock.GetUtcNow(), Outcome = Outcome.Empty };
        await _heads.RecordAsync([visit], default);
        Watch watch = Watch(once: true);
        await watch.AddKnownAsync(default);
        await RunAsync(watch);
        Assert.Empty(_visits);
        Assert.Equal(visit.StartedAt, (await _heads.FindScheduledAsync([visit.Url], default))[0]!.ObservedAt);
    }

    [Fact]
    public async Task A_push_that_another_process_is_told_of_during_a_visit_is_not_lost()
    {
        RepositoryUrl url = RepositoryUrl.Parse("https://a.example/1");
        Watch visits = Watch(once: true), hears = Watch();
        await visits.AddAsync(new StringReader(url.ToString()), default);
        await RunAsync(visits);
        _clock.Advance(TimeSpan.FromDays(200));
        DateTimeOffset pushedAt = default;
        _remote = _ =>
        {
            if (pushedAt == default)
            {
                pushedAt = _clock.GetUtcNow().AddSeconds(1);
                Assert.Equal(1, hears.TellAsync([new ToldChange(url, pushedAt)], default).GetAwaiter().GetResult());
            }

            return Outcome.Unchanged;
        };
        await RunAsync(Watch(once: true));
        ScheduledVisit after = (await _heads.FindScheduledAsync([url], default))[0]!;
        Assert.Equal(pushedAt, after.ToldAt);
        Assert.InRange(after.DueAt - pushedAt, TimeSpan.FromMinutes(14), TimeSpan.FromDays(1));
        _clock.Advance(TimeSpan.FromDays(1));
        await RunAsync(Watch(once: true));
        Assert.Equal(3, _visits.Count);
    }

    [Fact]
    public async Task Two_watches_of_one_schedule_spend_one_budget_together()
    {
        string list = string.Join('\n', Enumerable.Range(0, 60).Select(n => $"https://a.example/{n}"));
        Watch first = Watch(once: true), second = Watch(once: true);
        await first.AddAsync(new StringReader(list), default);
        for (int hour = 0; hour < 24 * 20; hour++)
        {
            await RunAsync(hour % 2 == 0 ? first : second);
            _clock.Advance(TimeSpan.FromHours(1));
        }

        int together = _visits.Count;
        Assert.True(second.View.Visits > 0, "the second one does its part");
        Assert.Equal(together, first.View.Visits + second.View.Visits);

        // One alone, over the same time: what is due follows from the price of a visit, which both find alike.
        await using WatchTests alone = new();
        await alone.RunAloneAsync(list, 24 * 20);
        Assert.Equal(alone._visits.Count, together);
    }

    private async Task RunAloneAsync(string list, int hours)
    {
        Watch watch = Watch(once: true);
        await watch.AddAsync(new StringReader(list), default);
        for (int hour = 0; hour < hours; hour++)
        {
            await RunAsync(watch);
            _clock.Advance(TimeSpan.FromHours(1));
        }
    }

    private Watch Watch(bool once = false, double visitsADay = 1) => new(_heads, _heads, _clock, new WatchOptions { Once = once, VisitsADay = visitsADay });

    private ValueTask<WatchFigures> FiguresAsync() => WatchFigures.ReadAsync(_heads, _clock.GetUtcNow(), default);

    private async Task RunAsync(Watch watch, CancellationTokenSource? stop = null, Func<bool>? stopWhen = null)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        await using LocalEngine engine = new(
            _ => SyncAsync, null, new ServerProfiles(), _heads, _clock, new Random(1), NullLoggerFactory.Instance, new LocalEngineOptions { SpoolFolder = _folder["spool"], Inline = true });
        Task run = watch.RunAsync(engine, new CampaignRequest { List = TextReader.Null, Key = "watch" }, new RecordingObserver(), stop?.Token ?? default);
        while (!run.IsCompleted)
        {
            if (stopWhen?.Invoke() == true)
            {
                // What is cancelled may go on on another thread.
                await stop!.CancelAsync();
                break;
            }

            Assert.True(_clock.AdvanceToNextTimer());
        }

        await run;
    }

    private Task<SyncResult> SyncAsync(RepositoryUrl url, RepositoryState? known, CancellationToken cancellationToken)
    {
        DateTimeOffset startedAt = _clock.GetUtcNow();
        lock (_visits)
        {
            _visits.Add((url.ToString(), startedAt));
        }

        Outcome outcome = _remote(url.ToString());
        Verdict? verdict = outcome.IsSuccess() ? null : OutcomeRules.Judge(outcome, Fault.Repository, "said so", known?.Failures ?? 0, startedAt);
        Snapshot? heads = outcome == Outcome.Updated ? Snapshot.Empty : null;
        return Task.FromResult(new SyncResult(
            new SyncReport { Url = url, Outcome = outcome, RetryAt = verdict?.RetryAt, Requests = 1 },
            new Visit { Url = url, StartedAt = startedAt, Outcome = outcome, RetryAt = verdict?.RetryAt, NewSnapshot = heads },
            null));
    }
}
