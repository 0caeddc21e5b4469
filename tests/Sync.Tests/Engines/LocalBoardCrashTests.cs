using Actors.Sync.Campaigns;
using Actors.Store.Heads;
using Xunit;

namespace Actors.Sync.Tests.Engines;

/// <summary>The process ends between any two steps of what must survive it: everything before is done, nothing after.</summary>
public sealed class LocalBoardCrashTests
{
    private const int Repositories = 30;

    [Theory]
    [InlineData("numbered")]
    [InlineData("list written")]
    public async Task A_submission_cut_off_before_its_order_leaves_nothing(string step)
    {
        await using BoardBed bed = new();
        await bed.OpenAsync();
        Freeze(bed, step, 1);
        Assert.False(bed.SubmitAsync(BoardBed.Urls("a.example", 3)).IsCompleted);
        await bed.CrashAsync();
        Assert.Empty(bed.Board.ListAsync(CancellationToken.None).ToBlockingEnumerable());
        Assert.Empty(Directory.EnumerateDirectories(bed.Folder));
        Assert.Null(bed.Clock.NextTimer);
        Assert.Empty(bed.Asked);
    }

    [Fact]
    public async Task A_submission_cut_off_after_its_order_is_worked()
    {
        await using BoardBed bed = new();
        await bed.OpenAsync();
        Freeze(bed, "order written", 1);
        Assert.False(bed.SubmitAsync(BoardBed.Urls("a.example", 3)).IsCompleted);
        await bed.CrashAsync();
        CampaignView view = Assert.Single(bed.Board.ListAsync(CancellationToken.None).ToBlockingEnumerable());
        bed.DriveToEnd(view.Id);
        Assert.Equal((3, 3), (bed.Asked.Count, bed.View(view.Id).Lines));
    }

    [Theory]
    [InlineData("run to be begun")]
    [InlineData("batch to be written")]
    [InlineData("batch written")]
    [InlineData("batch recorded")]
    [InlineData("position to be saved")]
    [InlineData("position saved")]
    [InlineData("run ended")]
    [InlineData("order to be kept")]
    [InlineData("order kept")]
    public async Task Whatever_the_moment_each_repository_has_one_visit_and_one_line(string step)
    {
        for (int time = 1; await CrashAtAsync(step, time); time++)
        {
        }
    }

    [Fact]
    public async Task Crash_after_crash_after_crash_still_ends_with_each_once()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Random random = new(seed);
            await using BoardBed bed = new() { SyncTime = TimeSpan.FromMilliseconds(300) };
            await bed.OpenAsync();
            CampaignId[] ids = [await SubmitAsync(bed, "a"), await SubmitAsync(bed, "b")];
            for (int crash = 0; crash < 8; crash++)
            {
                bool frozen = false;
                int steps = random.Next(1, 25);
                bed.AtStep = _ => --steps <= 0 && (frozen = true) ? new TaskCompletionSource().Task : Task.CompletedTask;
                bed.Drive(() => frozen || ids.All(id => bed.View(id).Phase == CampaignPhase.Done));
                await bed.CrashAsync();
            }

            bed.DriveToEnd(ids);
            Check(bed, ids[0], "a", $"seed {seed}");
            Check(bed, ids[1], "b", $"seed {seed}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(40)]
    public async Task A_report_whose_last_bytes_are_torn_goes_on_from_the_batch_before(int bytesCut)
    {
        await using BoardBed bed = new();
        await bed.OpenAsync();
        CampaignId id = await SubmitAsync(bed, "a");
        Freeze(bed, "batch written", 3);
        bed.Drive(() => bed.AtStep is null);
        string path = Directory.EnumerateFiles(Path.Combine(bed.Folder, id.ToString(), "report")).Single();
        using (FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            file.SetLength(file.Length - bytesCut);
        }

        await bed.CrashAsync();
        bed.DriveToEnd(id);
        Check(bed, id, "a", $"{bytesCut} bytes cut");
    }

    private static async Task<bool> CrashAtAsync(string step, int time)
    {
        await using BoardBed bed = new() { SyncTime = TimeSpan.FromMilliseconds(700) };
        await bed.OpenAsync();
        Freeze(bed, step, time);
        CampaignId id = await SubmitAsync(bed, "a");
        bed.Drive(() => bed.AtStep is null || bed.View(id).Phase == CampaignPhase.Done);
        bool frozen = bed.AtStep is null;
        await bed.CrashAsync();
        bed.DriveToEnd(id);
        Check(bed, id, "a", $"{step} {time}");
        return frozen;
    }

    private static Task<CampaignId> SubmitAsync(BoardBed bed, string host) =>
        bed.SubmitAsync($"nothing://{host}\n" + BoardBed.Urls(host + ".example", Repositories) + $"rubbish://{host}\n" + BoardBed.Urls(host + ".example", 2));

    /// <summary>The n-th time that the step comes, it never ends.</summary>
    private static void Freeze(BoardBed bed, string step, int time)
    {
        int left = time;
        bed.AtStep = reached =>
        {
            if (reached != step || --left > 0)
            {
                return Task.CompletedTask;
            }

            bed.AtStep = null;
            return new TaskCompletionSource().Task;
        };
    }

    private static void Check(BoardBed bed, CampaignId id, string host, string when)
    {
        List<ReportLine> report = bed.Report(id);
        Assert.True(report.Select(line => line.Number).SequenceEqual(Enumerable.Range(1, Repositories + 2).Select(number => (long)number)), $"{when}: {string.Join(' ', report.Select(line => line.Number))}");
        Assert.Equal([1, Repositories + 2], report.Where(line => line.Rejected is not null).Select(line => line.Rejected!.LineNumber));
        Assert.Equal(Repositories, report.Where(line => line.Sync is not null).Select(line => line.Sync!.Url).Distinct().Count());
        Assert.All(Enumerable.Range(0, Repositories), number => Assert.Equal(1, bed.Visits($"https://{host}.example/{number}", id)));
        CampaignProgress progress = bed.View(id).Progress;
        Assert.Equal((Repositories, Repositories, 2), (progress.Repositories, progress.Outcomes[(int)Outcome.New], progress.Rejected));
        CampaignState state = bed.Heads.ListCampaignsAsync(CancellationToken.None).ToBlockingEnumerable().Single(campaign => campaign.Id == id);
        Assert.NotNull(state.EndedAt);
        Assert.Equal((Repositories + 4, Repositories), (state.LinesDone, state.Outcomes.Sum()));
    }
}
