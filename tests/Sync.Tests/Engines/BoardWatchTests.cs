using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Schedules;
using Actors.Sync.Campaigns;
using Actors.Sync.Schedules;
using Xunit;

namespace Actors.Sync.Tests.Engines;

/// <summary>A watch beside a board's campaigns.</summary>
public sealed class BoardWatchTests
{
    [Fact]
    public async Task What_a_campaign_visited_is_kept_fresh_from_then_on()
    {
        await using BoardBed bed = new();
        await bed.OpenAsync();
        Watch watch = WatchOf(bed, visitsADay: 4);
        Task keeping = bed.Board.KeepFreshAsync(watch, CancellationToken.None);
        CampaignId id = await bed.SubmitAsync(BoardBed.Urls("a.example", 3));
        bed.DriveToEnd(id);
        RepositoryUrl[] urls = [.. bed.Asked.Select(RepositoryUrl.Parse)];
        bed.Drive(() => watch.TellAsync([.. urls.Select(url => new ToldChange(url, bed.Clock.GetUtcNow()))], CancellationToken.None).GetAwaiter().GetResult() == 3);
        bed.Drive(() => bed.Board.ViewWatch()!.Visits == 3);
        Assert.Equal(urls.Select(url => url.ToString()).Order(), bed.Asked.Skip(3).Order());
        WatchView view = bed.Board.ViewWatch()!;
        Assert.Equal((4.0, 0L, 3L, null), (view.VisitsADay, view.Found, view.Told, view.Failure));
        Assert.Equal(3, (await WatchFigures.ReadAsync(bed.Heads, bed.Clock.GetUtcNow(), CancellationToken.None)).Repositories);
        Assert.False(keeping.IsCompleted);
        Assert.Throws<InvalidOperationException>(() => { _ = bed.Board.KeepFreshAsync(watch, CancellationToken.None); });
    }

    [Fact]
    public async Task Watch_and_campaign_share_a_hosts_permits_and_take_turns()
    {
        await using BoardBed bed = new() { Limits = new(1, double.PositiveInfinity) };
        await bed.OpenAsync();
        Watch watch = WatchOf(bed);
        await watch.AddAsync(new StringReader(BoardBed.Urls("a.example", 30, from: 100)), CancellationToken.None);
        _ = bed.Board.KeepFreshAsync(watch, CancellationToken.None);
        bed.Drive(() => bed.Asked.Count >= 2);
        CampaignId id = await bed.SubmitAsync(BoardBed.Urls("a.example", 10));
        bed.Drive(() =>
        {
            Assert.True(bed.Running.Count <= 1, "two at once on a host that permits one");
            return bed.View(id).Phase == CampaignPhase.Done;
        });
        Assert.InRange(bed.Board.ViewWatch()!.Visits, 5, 29);
        bed.Drive(() => bed.Board.ViewWatch()!.Visits == 30);
    }

    [Fact]
    public async Task What_the_board_refuses_leaves_the_watch_and_comes_again_in_a_week()
    {
        await using BoardBed bed = new() { Refuse = url => url.Host.ToString() == "inside.example" ? "not from here" : null };
        await bed.OpenAsync();
        Watch watch = WatchOf(bed);
        await watch.AddAsync(new StringReader("https://inside.example/1\nhttps://a.example/1\n"), CancellationToken.None);
        _ = bed.Board.KeepFreshAsync(watch, CancellationToken.None);
        bed.Drive(() => bed.Board.ViewWatch() is { Visits: 1, Running: 0 });
        DateTimeOffset began = bed.Clock.GetUtcNow();
        bed.Drive(() => bed.Clock.GetUtcNow() > began.AddSeconds(5));
        Assert.Equal(["https://a.example/1"], bed.Asked);
        ScheduledVisit refused = (await bed.Heads.FindScheduledAsync([RepositoryUrl.Parse("https://inside.example/1")], CancellationToken.None))[0]!;
        Assert.Equal(ScheduleQueue.Failing, refused.Queue);
        Assert.InRange(refused.DueAt - began, TimeSpan.FromDays(6.9), TimeSpan.FromDays(7));
    }

    [Fact]
    public async Task A_watch_ends_with_its_board_and_what_it_had_taken_is_due_as_before()
    {
        await using BoardBed bed = new() { SyncTime = TimeSpan.FromMinutes(1) };
        await bed.OpenAsync();
        Watch watch = WatchOf(bed);
        await watch.AddAsync(new StringReader(BoardBed.Urls("a.example", 50)), CancellationToken.None);
        Task keeping = bed.Board.KeepFreshAsync(watch, CancellationToken.None);
        bed.Drive(() => bed.Running.Count > 0);
        ValueTask closing = bed.Board.DisposeAsync();
        while (!closing.IsCompleted)
        {
            // What is cancelled may go on on another thread.
            bed.Clock.AdvanceToNextTimer();
        }

        await closing;
        await keeping;
        Assert.Null(bed.Board.ViewWatch());
        IReadOnlyList<ScheduleFigures> queues = await bed.Heads.ReadScheduleFiguresAsync(bed.Clock.GetUtcNow(), CancellationToken.None);
        // The clock may have moved on until all were visited: then the queue is not there.
        Assert.Equal(50 - watch.View.Visits, queues.Where(queue => queue.Queue == ScheduleQueue.First).Sum(queue => queue.Due));
    }

    private static Watch WatchOf(BoardBed bed, double visitsADay = 1) => new(bed.Heads, bed.Heads, bed.Clock, new WatchOptions { VisitsADay = visitsADay });
}
