using System.Text;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;
using Xunit;

namespace Actors.Sync.Tests.Engines;

public sealed class LocalBoardTests
{
    [Fact]
    public async Task A_submitted_list_is_worked_by_itself_and_each_line_is_counted_once()
    {
        await using BoardBed bed = new();
        await bed.OpenAsync();
        CampaignId id = await bed.SubmitAsync("# forges\nhttps://a.example/1\nftp://a.example/2\n\nhttps://b.example/1\nhttps://a.example/1\nhttps://a.example/3", "list");
        bed.DriveToEnd(id);
        CampaignView view = bed.View(id);
        Assert.Equal(("list", 7, 3, 1, 1, 0), (view.Order.Name, view.Lines, view.Progress.Repositories, view.Progress.Rejected, view.Progress.Duplicates, view.Progress.Skipped));
        Assert.Equal((3, 6, 9, 21, 3), (view.Progress.Outcomes[(int)Outcome.New], view.Progress.Objects, view.Progress.BytesReceived, view.Progress.BytesSaved, view.Progress.Requests));
        Assert.Equal((true, 7, 0), (view.Progress.ListEnded, view.Progress.LinesRead, view.Progress.Running));
        Assert.NotNull(view.EndedAt);
        List<ReportLine> report = bed.Report(id);
        Assert.Equal([1, 2, 3, 4], report.Select(line => line.Number));
        RejectedLine rejected = Assert.Single(report, line => line.Rejected is not null).Rejected!;
        Assert.Equal((3, "ftp://a.example/2"), (rejected.LineNumber, rejected.Text));
        Assert.Equal(["https://a.example/1", "https://a.example/3", "https://b.example/1"], report.Where(line => line.Sync is not null).Select(line => line.Sync!.Url.ToString()).Order());
        Assert.Equal([3, 4], bed.Report(id, after: 2).Select(line => line.Number));
    }

    [Fact]
    public async Task Ended_campaigns_are_there_after_a_restart_newest_first()
    {
        await using BoardBed bed = new();
        await bed.OpenAsync();
        CampaignId first = await bed.SubmitAsync(BoardBed.Urls("a.example", 3), "first", priority: 5);
        CampaignId second = await bed.SubmitAsync("");
        bed.DriveToEnd(first, second);
        CampaignView before = bed.View(first);
        await bed.CrashAsync();
        List<CampaignView> views = [.. bed.Board.ListAsync(CancellationToken.None).ToBlockingEnumerable()];
        Assert.Equal([second, first], views.Select(view => view.Id));
        Assert.Equal(before.Progress.Outcomes, views[1].Progress.Outcomes);
        Assert.Equal((before.Order, before.Phase, before.SubmittedAt, before.EndedAt, before.Lines), (views[1].Order, views[1].Phase, views[1].SubmittedAt, views[1].EndedAt, views[1].Lines));
        Assert.Equal(3, bed.Report(first).Count);
        Assert.Null(await bed.Board.FindAsync(new CampaignId(99), CancellationToken.None));
        Assert.Null(await bed.Board.SteerAsync(new CampaignId(99), CampaignPhase.Paused, CancellationToken.None));
        Assert.False(await bed.Board.SetPriorityAsync(new CampaignId(99), 1, CancellationToken.None));
        Assert.Equal(CampaignPhase.Done, await bed.Board.SteerAsync(first, CampaignPhase.Cancelled, CancellationToken.None));
    }

    [Fact]
    public async Task A_list_that_breaks_off_leaves_nothing()
    {
        await using BoardBed bed = new();
        await bed.OpenAsync();
        await Assert.ThrowsAsync<IOException>(() => bed.Board.SubmitAsync(new CampaignOrder(), new BrokenStream(), CancellationToken.None));
        Assert.Empty(bed.Board.ListAsync(CancellationToken.None).ToBlockingEnumerable());
        Assert.Empty(Directory.EnumerateDirectories(bed.Folder));
        Assert.NotNull(bed.Heads.ListCampaignsAsync(CancellationToken.None).ToBlockingEnumerable().Single().EndedAt);
        Assert.Null(bed.Clock.NextTimer);
    }

    [Fact]
    public async Task Orders_out_of_range_are_refused_by_name()
    {
        await using BoardBed bed = new();
        await bed.OpenAsync();
        foreach ((CampaignOrder order, string name) in new (CampaignOrder, string)[]
        {
            (new CampaignOrder { Priority = 101 }, "priority"),
            (new CampaignOrder { Priority = int.MinValue }, "priority"),
            (new CampaignOrder { Name = new string('x', 201) }, "name"),
            (new CampaignOrder { MaxAge = TimeSpan.FromTicks(-1) }, "maxAge"),
            (new CampaignOrder { SyncTimeMax = TimeSpan.Zero }, "syncTimeMax"),
            (new CampaignOrder { PackBytesMax = 0 }, "packBytesMax"),
        })
        {
            ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(() => bed.Board.SubmitAsync(order, new MemoryStream(), CancellationToken.None));
            Assert.StartsWith(name, refused.Message, StringComparison.Ordinal);
        }

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => bed.Board.SteerAsync(new CampaignId(1), CampaignPhase.Done, CancellationToken.None));
        Assert.Empty(bed.Heads.ListCampaignsAsync(CancellationToken.None).ToBlockingEnumerable());
    }

    [Fact]
    public async Task A_paused_campaign_begins_nothing_and_goes_on_where_it_was()
    {
        await using BoardBed bed = new();
        await bed.OpenAsync();
        CampaignId id = await bed.SubmitAsync(BoardBed.Urls("a.example", 20));
        bed.Drive(() => bed.Asked.Count == 6);
        Assert.Equal(CampaignPhase.Paused, await bed.Board.SteerAsync(id, CampaignPhase.Paused, CancellationToken.None));
        Assert.Equal(2, bed.Running.Count);
        bed.Drive(() => bed.Clock.NextTimer is null);
        Assert.Equal((6, 0), (bed.Asked.Count, bed.Running.Count));
        Assert.Equal((CampaignPhase.Paused, 6, 0), (bed.View(id).Phase, bed.View(id).Progress.Outcomes.Sum(), bed.View(id).Progress.Running));
        await bed.CrashAsync();
        Assert.Null(bed.Clock.NextTimer);
        Assert.Equal(CampaignPhase.Running, await bed.Board.SteerAsync(id, CampaignPhase.Running, CancellationToken.None));
        bed.DriveToEnd(id);
        Assert.Equal(20, bed.Asked.Distinct().Count());
        Assert.Equal((20, 20, 0, 0), (bed.Asked.Count, bed.View(id).Progress.Repositories, bed.View(id).Progress.Skipped, bed.View(id).Progress.Duplicates));
        Assert.Equal(Enumerable.Range(1, 20).Select(number => (long)number), bed.Report(id).Select(line => line.Number));
    }

    [Fact]
    public async Task A_cancelled_campaign_lets_end_what_runs_and_stays_cancelled()
    {
        await using BoardBed bed = new();
        await bed.OpenAsync();
        CampaignId id = await bed.SubmitAsync(BoardBed.Urls("a.example", 20));
        bed.Drive(() => bed.Asked.Count == 4);
        Assert.Equal(CampaignPhase.Cancelled, await bed.Board.SteerAsync(id, CampaignPhase.Cancelled, CancellationToken.None));
        bed.Drive(() => bed.Clock.NextTimer is null);
        Assert.Equal((4, 4), (bed.Asked.Count, bed.Report(id).Count));
        Assert.NotNull(bed.Heads.ListCampaignsAsync(CancellationToken.None).ToBlockingEnumerable().Single().EndedAt);
        await bed.CrashAsync();
        Assert.Equal(CampaignPhase.Cancelled, await bed.Board.SteerAsync(id, CampaignPhase.Running, CancellationToken.None));
        Assert.Null(bed.Clock.NextTimer);
    }

    [Fact]
    public async Task Campaigns_of_one_priority_take_turns_on_a_host_and_a_higher_one_goes_first()
    {
        await using BoardBed bed = new() { Limits = new HostLimits(1, double.PositiveInfinity) };
        await bed.OpenAsync();
        CampaignId low = await bed.SubmitAsync(BoardBed.Urls("a.example", 30, from: 1000));
        CampaignId even = await bed.SubmitAsync(BoardBed.Urls("a.example", 30, from: 2000));
        bed.Drive(() => bed.Asked.Count == 11);
        int[] order = [.. bed.Asked.Skip(1).Select(url => url[^4] - '0')];
        Assert.Equal([2, 1, 2, 1, 2, 1, 2, 1, 2, 1], order);

        CampaignId high = await bed.SubmitAsync(BoardBed.Urls("a.example", 10, from: 3000), priority: 1);
        bed.Drive(() => bed.Asked.Count == 22);
        Assert.All(bed.Asked.Skip(11).Take(10), url => Assert.StartsWith("https://a.example/3", url, StringComparison.Ordinal));
        Assert.True(await bed.Board.SetPriorityAsync(even, 2, CancellationToken.None));
        bed.Drive(() => bed.Asked.Count == 32);
        Assert.All(bed.Asked.Skip(23), url => Assert.StartsWith("https://a.example/2", url, StringComparison.Ordinal));
        bed.DriveToEnd(low, even, high);
        Assert.Equal(70, bed.Asked.Distinct().Count());
    }

    [Fact]
    public async Task Campaigns_share_what_a_host_is_allowed()
    {
        await using BoardBed bed = new() { Limits = new HostLimits(3, double.PositiveInfinity) };
        await bed.OpenAsync();
        CampaignId[] ids = [await bed.SubmitAsync(BoardBed.Urls("a.example", 30)), await bed.SubmitAsync(BoardBed.Urls("a.example", 30, from: 100)), await bed.SubmitAsync(BoardBed.Urls("a.example", 30, from: 200))];
        int most = 0;
        bed.Drive(() =>
        {
            most = Math.Max(most, bed.Running.Count);
            return ids.All(id => bed.View(id).Phase == CampaignPhase.Done);
        });
        Assert.Equal(3, most);
        Assert.Equal(90, bed.Asked.Distinct().Count());
    }

    [Fact]
    public async Task One_repository_in_two_campaigns_is_visited_for_each_one_after_the_other()
    {
        await using BoardBed bed = new();
        await bed.OpenAsync();
        CampaignId first = await bed.SubmitAsync("https://a.example/1");
        CampaignId second = await bed.SubmitAsync("https://a.example/1");
        Assert.Single(bed.Running);
        bed.DriveToEnd(first, second);
        Assert.Equal((2, 1, 1), (bed.Asked.Count, bed.Visits("https://a.example/1", first), bed.Visits("https://a.example/1", second)));
    }

    [Fact]
    public async Task More_campaigns_than_are_worked_at_once_wait_and_a_higher_one_takes_the_place_of_a_lower()
    {
        await using BoardBed bed = new() { RunsMax = 1 };
        await bed.OpenAsync();
        CampaignId low = await bed.SubmitAsync(BoardBed.Urls("a.example", 20), priority: -1);
        CampaignId later = await bed.SubmitAsync(BoardBed.Urls("b.example", 5), priority: -1);
        bed.Drive(() => bed.Asked.Count == 4);
        CampaignId high = await bed.SubmitAsync(BoardBed.Urls("c.example", 5));
        bed.DriveToEnd(high);
        Assert.Equal((CampaignPhase.Running, CampaignPhase.Running), (bed.View(low).Phase, bed.View(later).Phase));
        Assert.DoesNotContain(bed.Asked, url => url.Contains("b.example", StringComparison.Ordinal));
        bed.DriveToEnd(low, later);
        Assert.Equal((30, 30), (bed.Asked.Count, bed.Asked.Distinct().Count()));
        Assert.Equal((20, 20), (bed.View(low).Progress.Repositories, bed.Report(low).Count));
    }

    [Fact]
    public async Task A_braked_host_is_begun_nothing_on_over_restarts_until_the_brake_ends()
    {
        await using BoardBed bed = new();
        await bed.OpenAsync();
        CampaignId id = await bed.SubmitAsync(BoardBed.Urls("a.example", 10) + BoardBed.Urls("b.example", 4));
        bed.Drive(() => bed.Asked.Count(url => url.Contains("a.example", StringComparison.Ordinal)) == 4);
        DateTimeOffset until = bed.Clock.GetUtcNow().AddDays(100);
        await bed.Board.BrakeAsync(ForgeHost.Parse("a.example"), until, CancellationToken.None);
        bed.Drive(() => bed.Clock.GetUtcNow() > until.AddDays(-100).AddMinutes(15));
        Assert.Equal((8, 8), (bed.Asked.Count, bed.Report(id).Count));

        await bed.CrashAsync();
        HostView host = (await bed.Board.ListHostsAsync(CancellationToken.None)).Single(view => view.Host.ToString() == "a.example");
        Assert.Equal((until, 6), (host.BrakedUntil, host.Waiting));
        bed.Drive(() => bed.Clock.GetUtcNow() > until.AddDays(-100).AddMinutes(30));
        Assert.Equal(8, bed.Asked.Count);
        await bed.Board.BrakeAsync(ForgeHost.Parse("a.example"), null, CancellationToken.None);
        Assert.Equal(2, bed.Running.Count);
        bed.DriveToEnd(id);
        Assert.Equal((14, 14), (bed.Asked.Count, bed.View(id).Progress.Outcomes[(int)Outcome.New]));
    }

    [Fact]
    public async Task A_brake_ends_by_itself()
    {
        await using BoardBed bed = new();
        await bed.OpenAsync();
        DateTimeOffset until = bed.Clock.GetUtcNow().AddMinutes(30);
        await bed.Board.BrakeAsync(ForgeHost.Parse("a.example"), until, CancellationToken.None);
        CampaignId id = await bed.SubmitAsync(BoardBed.Urls("a.example", 2));
        bed.Drive(() => bed.Asked.Count > 0);
        Assert.Equal(until, bed.Clock.GetUtcNow());
        bed.DriveToEnd(id);
        Assert.Empty(await bed.Board.ListHostsAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_campaign_that_fails_by_our_fault_is_tried_again_later_and_others_go_on()
    {
        await using BoardBed bed = new();
        await bed.OpenAsync();
        CampaignId id = await bed.SubmitAsync(BoardBed.Urls("a.example", 6));
        int failures = 0;
        TaskCompletionSource kept = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bed.AtStep = step =>
        {
            if (step == "order kept" && failures > 0)
            {
                kept.TrySetResult();
            }

            return step == "batch written" && failures++ == 0 ? throw new IOException("disk full") : Task.CompletedTask;
        };
        bed.Drive(() => failures == 1);
        Assert.Equal(CampaignPhase.Running, bed.View(id).Phase);

        // The failure comes up to the board on a thread of its own.
        await kept.Task;
        Assert.Contains(await bed.Board.ExplainAsync(RepositoryUrl.Parse("https://a.example/9"), CancellationToken.None), sentence => sentence.Contains("disk full", StringComparison.Ordinal));
        CampaignId other = await bed.SubmitAsync("https://b.example/1");
        bed.DriveToEnd(other);
        Assert.Equal(CampaignPhase.Running, bed.View(id).Phase);
        bed.DriveToEnd(id);
        Assert.Equal([1, 2, 3, 4, 5, 6], bed.Report(id).Select(line => line.Number));
        Assert.All(Enumerable.Range(0, 6), number => Assert.Equal(1, bed.Visits($"https://a.example/{number}", id)));
    }

    [Fact]
    public async Task Refused_urls_are_rejected_lines_with_the_reason()
    {
        await using BoardBed bed = new() { Refuse = ServedUrls.Refuse };
        await bed.OpenAsync();
        CampaignId id = await bed.SubmitAsync("https://a.example/1\nfile:///etc\n/etc/passwd\n../x\ngit@a.example:x\ngit://a.example/x\nssh://a.example/x\nhttp://a.example/2\n");
        bed.DriveToEnd(id);
        Assert.Equal([2, 3, 4, 5, 6, 7], bed.Report(id).Where(line => line.Rejected is not null).Select(line => line.Rejected!.LineNumber));
        Assert.Equal(["https://a.example/1", "http://a.example/2"], bed.Asked);
        Assert.All(bed.Report(id).Where(line => line.Rejected is not null), line => Assert.Contains("give an https URL", line.Rejected!.Reason, StringComparison.Ordinal));
        Assert.Contains("It is not visited from here: this server reads no files or paths: give an https URL.", await bed.Board.ExplainAsync(RepositoryUrl.Parse("/etc"), CancellationToken.None));
    }

    [Fact]
    public async Task Relative_paths_are_rejected_lines_also_where_every_url_is_visited()
    {
        await using BoardBed bed = new();
        await bed.OpenAsync();
        CampaignId id = await bed.SubmitAsync("https://a.example/1\n../x\nwhat is this\n");
        bed.DriveToEnd(id);
        Assert.Equal([2, 3], bed.Report(id).Where(line => line.Rejected is not null).Select(line => line.Rejected!.LineNumber));
        Assert.Equal(["https://a.example/1"], bed.Asked);
    }

    [Fact]
    public async Task Troubles_are_the_last_failures_and_the_slowest()
    {
        await using BoardBed bed = new() { Limits = new HostLimits(1, double.PositiveInfinity) };
        bed.Fail = url => url.ToString().EndsWith('3') || url.ToString().EndsWith('5') ? new RemoteFailure(RemoteFailureKind.NotFound, "no such repository") : null;
        await bed.OpenAsync();
        bed.DriveToEnd(await bed.SubmitAsync(BoardBed.Urls("a.example", 7)));
        (IReadOnlyList<SyncReport> failed, IReadOnlyList<SyncReport> slowest) = await bed.Board.ListTroublesAsync(5, CancellationToken.None);
        Assert.Equal(["https://a.example/5", "https://a.example/3"], failed.Select(report => report.Url.ToString()));
        Assert.Equal(5, slowest.Count);
        bed.Clock.Advance(TimeSpan.FromHours(7));
        (failed, slowest) = await bed.Board.ListTroublesAsync(5, CancellationToken.None);
        Assert.Equal((0, 0), (failed.Count, slowest.Count));
    }

    [Fact]
    public async Task Hosts_and_the_process_are_seen_as_they_are()
    {
        await using BoardBed bed = new();
        bed.Fail = url => url.Host.ToString() == "b.example" ? new RemoteFailure(RemoteFailureKind.Throttled, "slow down", 429, TimeSpan.FromHours(1)) : null;
        await bed.OpenAsync();
        CampaignId id = await bed.SubmitAsync(BoardBed.Urls("a.example", 40) + BoardBed.Urls("b.example", 4));
        bed.Drive(() => bed.Asked.Count >= 12);
        IReadOnlyList<HostView> hosts = await bed.Board.ListHostsAsync(CancellationToken.None);
        Assert.Equal(["a.example", "b.example"], hosts.Select(host => host.Host.ToString()));
        Assert.Equal((2, 2, null), (hosts[0].Running, hosts[0].Allowed, hosts[0].RequestsPerSecond));
        Assert.NotNull(hosts[1].SilentUntil);
        Assert.Contains(
            await bed.Board.ExplainAsync(RepositoryUrl.Parse("https://b.example/3"), CancellationToken.None),
            sentence => sentence.StartsWith("b.example asked for silence until 01:00:0", StringComparison.Ordinal));
        SiloView silo = Assert.Single(await bed.Board.ListSilosAsync(CancellationToken.None));
        Assert.Equal(("Active", "1.2"), (silo.Status, silo.Version));
        Assert.Equal(2, silo.Running);
        await bed.Board.SteerAsync(id, CampaignPhase.Cancelled, CancellationToken.None);
    }

    [Fact]
    public async Task Watching_ends_with_the_end_and_following_a_report_misses_no_line()
    {
        await using BoardBed bed = new();
        await bed.OpenAsync();
        CampaignId id = await bed.SubmitAsync(BoardBed.Urls("a.example", 30));
        Task<List<CampaignView>> watched = CollectAsync(bed.Board.WatchAsync(id, CancellationToken.None));
        Task<List<ReportLine>> followed = CollectAsync(bed.Board.ReadReportAsync(id, 0, follow: true, CancellationToken.None));
        bed.DriveToEnd(id);
        while (!watched.IsCompleted || !followed.IsCompleted)
        {
            bed.Clock.AdvanceToNextTimer();
            await Task.Yield();
        }

        Assert.Equal(Enumerable.Range(1, 30).Select(number => (long)number), (await followed).Select(line => line.Number));
        List<CampaignView> views = await watched;
        Assert.Equal((CampaignPhase.Running, CampaignPhase.Done, 30), (views[0].Phase, views[^1].Phase, views[^1].Progress.Outcomes.Sum()));
        Assert.Empty(bed.Board.WatchAsync(new CampaignId(99), CancellationToken.None).ToBlockingEnumerable());
        Assert.Empty(bed.Board.ReadReportAsync(new CampaignId(99), 0, follow: true, CancellationToken.None).ToBlockingEnumerable());
    }

    private static async Task<List<T>> CollectAsync<T>(IAsyncEnumerable<T> source)
    {
        List<T> list = [];
        await foreach (T item in source)
        {
            list.Add(item);
        }

        return list;
    }

    private sealed class BrokenStream : MemoryStream
    {
        private bool _read;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_read)
            {
                throw new IOException("cut off");
            }

            _read = true;
            return ValueTask.FromResult(Encoding.UTF8.GetBytes("https://a.example/1\n", buffer.Span));
        }
    }
}
