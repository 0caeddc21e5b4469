using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Schedules;
using Actors.Sync.Campaigns;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;
using Actors.Sync.Schedules;
using Actors.Sync.Tests.Campaigns;
using Actors.TestKit.Clocks;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Actors.Sync.Tests.Schedules;

/// <summary>On one thread, with a clock that is moved from timer to timer.</summary>
public sealed class DueRunTests : IAsyncDisposable
{
    private readonly MemoryHeadStore _heads = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly ScriptedDoors _doors = new();
    private readonly ScriptedHolds _holds = new();
    private readonly List<string> _visited = [];
    private readonly CancellationTokenSource _drain = new();
    private Func<string, Task> _remote = _ => Task.CompletedTask;
    private int _running;

    public DueRunTests() => SynchronizationContext.SetSynchronizationContext(null);

    public async ValueTask DisposeAsync()
    {
        _drain.Dispose();
        await _heads.DisposeAsync();
    }

    [Fact]
    public async Task Each_is_visited_once_when_it_is_due_for_no_campaign()
    {
        await ScheduleAsync([.. Urls("a", 300), .. Urls("b", 3), .. Urls("c", 1)]);
        KeptWatch kept = Kept(once: true);
        await DriveAsync(kept);
        Assert.Equal(304, _visited.Distinct().Count());
        Assert.Equal((304, 304L, 304L, 0), (_visited.Count, kept.View.Visits, kept.View.Found, kept.View.Running));
        Assert.Equal((0, 0, 0), (_doors.Out, _doors.Waiting, _holds.Held.Count));
        await DriveAsync(Kept(once: true));
        Assert.Equal(304, _visited.Count);
        _clock.Advance(TimeSpan.FromDays(200));
        await DriveAsync(Kept(once: true));
        Assert.Equal(608, _visited.Count);
    }

    [Fact]
    public async Task A_silent_hosts_are_due_when_it_may_be_asked_again_and_keep_nobody_waiting()
    {
        await ScheduleAsync([.. Urls("silent", 200), .. Urls("b", 3)]);
        _doors.Refusals[RepositoryUrl.Parse(Urls("silent", 1)[0]).Host] = new HostAdmission(PermitAnswer.NotYet, null, TimeSpan.FromHours(2));
        DateTimeOffset began = _clock.GetUtcNow();
        await DriveAsync(Kept(once: true));
        Assert.Equal(Urls("b", 3), _visited);
        ScheduledVisit?[] silent = [.. await _heads.FindScheduledAsync([.. Urls("silent", 200).Select(RepositoryUrl.Parse)], default)];
        Assert.All(silent, visit => Assert.InRange(visit!.DueAt - began, TimeSpan.FromHours(2), TimeSpan.FromHours(2) + TimeSpan.FromMinutes(1)));
        Assert.All(silent, visit => Assert.Equal(ScheduleQueue.First, visit!.Queue));
        Assert.Equal((0, 0), (_doors.Waiting, _holds.Held.Count));
    }

    [Fact]
    public async Task What_others_visit_comes_later_and_is_not_visited_again_where_they_did()
    {
        await ScheduleAsync(Urls("a", 3));
        RepositoryUrl[] urls = [.. Urls("a", 3).Select(RepositoryUrl.Parse)];
        _holds.Others.UnionWith(urls.Take(2));
        await DriveAsync(Kept(once: true));
        Assert.Equal([urls[2].ToString()], _visited);
        _holds.Others.Clear();
        await _heads.RecordAsync([new Visit { Url = urls[0], StartedAt = _clock.GetUtcNow(), Outcome = Outcome.Unchanged }], default);
        _clock.Advance(Limits.HostBusyPause);
        await DriveAsync(Kept(once: true));
        Assert.Equal([urls[2].ToString(), urls[1].ToString()], _visited);
    }

    [Fact]
    public async Task A_slow_hosts_turn_ends_and_what_is_left_of_it_comes_later()
    {
        await ScheduleAsync([.. Urls("slow", 200), .. Urls("b", 30)]);
        _remote = url => url.Contains("slow", StringComparison.Ordinal) ? Task.Delay(TimeSpan.FromSeconds(20), _clock) : Task.CompletedTask;
        DateTimeOffset began = _clock.GetUtcNow();
        await DriveAsync(Kept(once: true), new DueRunOptions { TurnsMax = 1, JobsOfTurn = 2, Inline = true });
        Assert.Equal(4, _visited.Count(url => url.Contains("slow", StringComparison.Ordinal)));
        Assert.Equal(Urls("b", 30), _visited.Where(url => url.Contains("b.example", StringComparison.Ordinal)));
        Assert.InRange(_clock.GetUtcNow() - began, TimeSpan.FromSeconds(40), TimeSpan.FromMinutes(2));
        Assert.Equal(196, (await _heads.ReadScheduleFiguresAsync(_clock.GetUtcNow() + Limits.HostBusyPause, default)).Single(queue => queue.Queue == ScheduleQueue.First).Due);
    }

    [Fact]
    public async Task A_drained_run_lets_visits_end_and_the_rest_is_due_as_before()
    {
        await ScheduleAsync(Urls("a", 100));
        _remote = _ => Task.Delay(TimeSpan.FromSeconds(10), _clock);
        KeptWatch kept = Kept();
        await DriveAsync(kept, new DueRunOptions { TurnsMax = 1, JobsOfTurn = 5, Inline = true, Drain = _drain.Token }, () => _running == 5);
        Assert.Equal(5, _visited.Count);
        IReadOnlyList<ScheduleFigures> queues = await _heads.ReadScheduleFiguresAsync(_clock.GetUtcNow(), default);
        Assert.Equal([(ScheduleQueue.First, 95L), (ScheduleQueue.Known, 0L)], queues.Select(queue => (queue.Queue, queue.Due)));
        Assert.Equal((0, 0, 0), (_doors.Out, _doors.Waiting, _holds.Held.Count));
    }

    [Fact]
    public async Task Our_own_failure_ends_the_run_gives_back_what_it_had_and_is_told()
    {
        await ScheduleAsync([.. Urls("a", 30), .. Urls("b", 30)]);
        _remote = url => url.Contains("b.example", StringComparison.Ordinal) ? throw new IOException("the disk is full") : Task.Delay(TimeSpan.FromSeconds(1), _clock);
        IOException failure = await Assert.ThrowsAsync<IOException>(() => DriveAsync(Kept()));
        Assert.Equal("the disk is full", failure.Message);
        Assert.Equal((0, 0, 0), (_running, _doors.Waiting, _holds.Held.Count));
        IReadOnlyList<ScheduleFigures> queues = await _heads.ReadScheduleFiguresAsync(_clock.GetUtcNow(), default);
        Assert.Equal(60 - _visited.Count, queues.Single(queue => queue.Queue == ScheduleQueue.First).Due);
    }

    [Fact]
    public async Task What_this_process_does_not_visit_leaves_it_for_a_week()
    {
        await ScheduleAsync(Urls("a", 2));
        await DriveAsync(Kept(once: true), new DueRunOptions { Inline = true, Refuse = url => url.ToString() == Urls("a", 1)[0] ? "not from here" : null });
        Assert.Equal([Urls("a", 2)[1]], _visited);
        ScheduledVisit refused = (await _heads.FindScheduledAsync([RepositoryUrl.Parse(Urls("a", 1)[0])], default))[0]!;
        Assert.Equal(ScheduleQueue.Failing, refused.Queue);
    }

    private static string[] Urls(string host, int count) => [.. Enumerable.Range(0, count).Select(n => $"https://{host}.example/{n}")];

    private ValueTask ScheduleAsync(string[] urls) =>
        _heads.AddScheduledAsync([.. urls.Select((url, place) => ScheduleRule.New(RepositoryUrl.Parse(url), _clock.GetUtcNow().AddSeconds(-60).AddMilliseconds(place)))], default);

    private KeptWatch Kept(bool once = false) => new(new Watch(_heads, _heads, _clock, new WatchOptions { Once = once }), _clock, NullLogger.Instance);

    private async Task DriveAsync(KeptWatch kept, DueRunOptions? options = null, Func<bool>? drainWhen = null)
    {
        using DueRun run = new(kept, _heads, _doors, _holds, VisitAsync, options ?? new DueRunOptions { Inline = true }, _clock);
        Task running = run.RunAsync(default);
        while (!running.IsCompleted)
        {
            if (drainWhen?.Invoke() == true)
            {
                await _drain.CancelAsync();
                drainWhen = null;
            }

            _clock.AdvanceToNextTimer();
        }

        try
        {
            await running;
        }
        catch (OperationCanceledException) when (_drain.IsCancellationRequested)
        {
            // How a drained run ends.
        }
    }

    private async Task<ChunkVisitEnd> VisitAsync(RepositoryUrl url, RepositoryState? known, IHostPermit permit, bool comesAgain, CancellationToken cancellationToken)
    {
        DateTimeOffset startedAt = _clock.GetUtcNow();
        _running++;
        try
        {
            Assert.Contains(url, _holds.Held);
            await _remote(url.ToString());
        }
        finally
        {
            _running--;
            permit.End(null);
        }

        _visited.Add(url.ToString());
        await _heads.RecordAsync([new Visit { Url = url, StartedAt = startedAt, Outcome = Outcome.Updated, NewSnapshot = Snapshot.Empty }], default);
        return ChunkVisitEnd.Ended(new SyncReport { Url = url, Outcome = Outcome.Updated, ElapsedMs = (long)(_clock.GetUtcNow() - startedAt).TotalMilliseconds });
    }
}
