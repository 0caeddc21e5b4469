using Actors.Git.Remotes;
using Actors.Git.Packs;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Outcomes;
using Actors.Sync.Repositories;
using Actors.TestKit.Clocks;
using Actors.TestKit.Git;
using Actors.Web.Forges;
using Xunit;

namespace Actors.Sync.Tests.Repositories;

/// <summary>Remotes that fail, lie or move while they are visited.</summary>
public sealed class FailingRemotesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(404, Outcome.Gone, Fault.Repository)]
    [InlineData(401, Outcome.Refused, Fault.Repository)]
    [InlineData(403, Outcome.Refused, Fault.Repository)]
    [InlineData(429, Outcome.Throttled, Fault.Forge)]
    [InlineData(500, Outcome.Failed, Fault.Forge)]
    public async Task A_refused_visit_keeps_the_heads(int status, Outcome outcome, Fault fault)
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        bed.Make("refused").AddHistory(3);
        SnapshotId heads = (await bed.VisitAsync("refused")).Report.Snapshot!.Value;
        bed.Forge.SetBehaviour("refused", new ForgeBehaviour { Answer = _ => CannedAnswer.Of(status, "no") });

        SyncResult result = await bed.VisitAsync("refused");

        Assert.Equal((outcome, fault, (SnapshotId?)heads), (result.Report.Outcome, result.Report.Fault, result.Report.Snapshot));
        Assert.NotNull(result.Failure);
        Assert.NotNull(result.Report.Error);
        Assert.True(result.Report.RetryAt > result.Visit.StartedAt);
    }

    [Fact]
    public async Task Failures_in_a_row_are_visited_ever_more_rarely()
    {
        var clock = new ManualTimeProvider();
        await using SyncBed bed = await SyncBed.StartAsync(clock: clock);

        TimeSpan first = (await bed.VisitAsync("nowhere")).Report.RetryAt!.Value - clock.GetUtcNow();
        TimeSpan second = (await bed.VisitAsync("nowhere")).Report.RetryAt!.Value - clock.GetUtcNow();

        Assert.Equal((TimeSpan.FromDays(1), TimeSpan.FromDays(2)), (first, second));
    }

    [Fact]
    public async Task A_repository_that_moved_is_synced_from_its_new_place_under_its_old_name()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture source = bed.Make("new-name").AddHistory(4);
        bed.Forge.SetBehaviour("old-name", new ForgeBehaviour
        {
            Answer = request => new CannedAnswer(301)
            {
                Headers = new Dictionary<string, string> { ["Location"] = $"{bed.Forge.UrlOf("new-name")}/{request.Endpoint}{request.Query}" },
            },
        });

        SyncReport report = (await bed.VisitAsync("old-name")).Report;

        Assert.Equal(Outcome.New, report.Outcome);
        Assert.Equal(bed.Url("old-name"), report.Url);
        Assert.Equal(bed.Url("new-name"), report.MovedTo);
        await bed.AssertHoldsAsync(source, "old-name");
    }

    [Fact]
    public async Task A_ref_that_moves_between_probe_and_fetch_is_looked_at_again()
    {
        FaultyClient client = null!;
        await using SyncBed bed = await SyncBed.StartAsync(wrap: real => client = new FaultyClient(real));
        GitFixture source = bed.Make("moving").AddHistory(5);
        client.BeforeFetch = number =>
        {
            if (number == 1)
            {
                // The commit that was shown is not there any more.
                source.SetRef("main", "main~1").AddCommit("main", "instead", ("file", "other\n"));
                source.Git.Run("repack", "-a", "-d", "-q");
                source.Git.Run("prune", "--expire=now");
            }
        };

        SyncReport report = (await bed.VisitAsync("moving")).Report;

        Assert.Equal((Outcome.New, null), (report.Outcome, report.Error));
        Assert.Equal(2, client.Fetches.Count);
        await bed.AssertHoldsAsync(source, "moving");
    }

    [Fact]
    public async Task A_ref_that_always_moves_is_a_failure()
    {
        FaultyClient client = null!;
        await using SyncBed bed = await SyncBed.StartAsync(wrap: real => client = new FaultyClient(real));
        bed.Make("moving").AddHistory(5);
        client.Answer = _ => new FetchResult { Failure = new RemoteFailure(RemoteFailureKind.NotOurRef, "not our ref"), Requests = 1 };

        SyncReport report = (await bed.VisitAsync("moving")).Report;

        Assert.Equal((Outcome.Failed, Fault.Repository), (report.Outcome, report.Fault));
        Assert.Equal(2, client.Fetches.Count);
    }

    [Fact]
    public async Task A_damaged_pack_is_corrupt_and_leaves_nothing()
    {
        FaultyClient client = null!;
        await using SyncBed bed = await SyncBed.StartAsync(wrap: real => client = new FaultyClient(real));
        bed.Make("damaged").AddHistory(10);
        client.Bend = (_, pack) =>
        {
            pack[pack.Length / 2] ^= 0x55;
            return pack;
        };

        SyncReport report = (await bed.VisitAsync("damaged")).Report;

        Assert.Equal((Outcome.Corrupt, Fault.Repository), (report.Outcome, report.Fault));
        Assert.Equal(0, (await bed.Objects.ReadFiguresAsync(Token)).Objects);
    }

    [Fact]
    public async Task A_pack_that_lacks_an_object_is_completed_by_asking_for_it()
    {
        FaultyClient client = null!;
        await using SyncBed bed = await SyncBed.StartAsync(wrap: real => client = new FaultyClient(real));
        GitFixture source = bed.Make("careless").AddHistory(4);
        client.Bend = (number, pack) => number == 1 ? PackWithout(source, source.Oid("main^{tree}")) : pack;

        SyncReport report = (await bed.VisitAsync("careless")).Report;

        Assert.Equal((Outcome.New, null), (report.Outcome, report.Error));
        Assert.Equal(2, client.Fetches.Count);
        await bed.AssertHoldsAsync(source, "careless");
    }

    [Theory]
    [InlineData(RemoteFailureKind.Throttled, Outcome.Throttled)]
    [InlineData(RemoteFailureKind.Forbidden, Outcome.Throttled)]
    [InlineData(RemoteFailureKind.NotOurRef, Outcome.Corrupt)]
    public async Task A_forge_that_asks_for_patience_in_the_middle_is_heard_and_its_repository_not_called_corrupt(RemoteFailureKind kind, Outcome outcome)
    {
        FaultyClient client = null!;
        await using SyncBed bed = await SyncBed.StartAsync(wrap: real => client = new FaultyClient(real));
        GitFixture source = bed.Make("careless").AddHistory(4);
        byte[] lacking = PackWithout(source, source.Oid("main^{tree}"));
        client.Bend = (_, _) => lacking;
        RemoteFailure failure = new(kind, "not now", 429, outcome == Outcome.Throttled ? TimeSpan.FromSeconds(20) : null);
        client.Answer = _ => client.Fetches.Count == 2 ? new FetchResult { Failure = failure, Requests = 1 } : null;

        SyncResult result = await bed.VisitAsync("careless");

        Assert.Equal((outcome, outcome == Outcome.Throttled ? failure : null), (result.Report.Outcome, result.Failure));
        Assert.Equal(2, client.Fetches.Count);
        Assert.Equal(0, (await bed.Objects.ReadFiguresAsync(Token)).Objects);
    }

    [Fact]
    public async Task A_pack_that_stays_incomplete_is_kept_aside()
    {
        FaultyClient client = null!;
        await using SyncBed bed = await SyncBed.StartAsync(wrap: real => client = new FaultyClient(real));
        GitFixture source = bed.Make("lying").AddHistory(4);
        byte[] lacking = PackWithout(source, source.Oid("main^{tree}"));
        client.Bend = (_, _) => lacking;

        SyncReport report = (await bed.VisitAsync("lying")).Report;

        Assert.Equal(Outcome.Corrupt, report.Outcome);
        Assert.Contains("not closed: 1 objects are missing", report.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await bed.Objects.ReadFiguresAsync(Token)).Objects);
        AsidePack aside = Assert.Single(await bed.Objects.ListAsideAsync(Token).ToListAsync(Token));
        Assert.Contains(bed.Url("lying").ToString(), aside.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sound_pack_of_other_objects_than_those_wanted_is_corrupt()
    {
        FaultyClient client = null!;
        await using SyncBed bed = await SyncBed.StartAsync(wrap: real => client = new FaultyClient(real));
        bed.Make("lying").AddHistory(4);
        GitFixture other = bed.Make("other", seed: 8).AddHistory(2);
        byte[] pack = PackWithout(other, "");
        client.Bend = (_, _) => pack;

        SyncReport report = (await bed.VisitAsync("lying")).Report;

        Assert.Equal(Outcome.Corrupt, report.Outcome);
        Assert.Contains("did not send", report.Error, StringComparison.Ordinal);
        Assert.Null(report.Snapshot);
    }

    [Fact]
    public async Task A_server_that_dies_inside_the_pack_is_a_failure_and_the_next_visit_succeeds()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture source = bed.Make("dying").AddHistory(200, files: 60);
        bed.Forge.SetBehaviour("dying", new ForgeBehaviour { CutAfterBytes = 20_000 });

        SyncReport cut = (await bed.VisitAsync("dying")).Report;
        bed.Forge.SetBehaviour("dying", null);
        SyncReport whole = (await bed.VisitAsync("dying")).Report;

        Assert.Equal((Outcome.Failed, Fault.Network), (cut.Outcome, cut.Fault));
        Assert.Equal(Outcome.New, whole.Outcome);
        await bed.AssertHoldsAsync(source, "dying");
    }

    [Fact]
    public async Task A_server_that_will_not_filter_after_all_is_fetched_without()
    {
        FaultyClient client = null!;
        await using SyncBed bed = await SyncBed.StartAsync(wrap: real => client = new FaultyClient(real));
        bed.Make("stored").AddHistory(5);
        await bed.VisitAsync("stored");
        GitFixture source = bed.Make("refusing", seed: 3).AddHistory(30);
        client.Answer = request => request.Filter == ObjectFilter.None
            ? null
            : new FetchResult { Failure = new RemoteFailure(RemoteFailureKind.Unsupported, "refused without a word"), Requests = 1 };

        SyncReport report = (await bed.VisitAsync("refusing")).Report;

        Assert.Equal([Rung.CommitProbe, Rung.Everything], report.Rungs);
        await bed.AssertHoldsAsync(source, "refusing");
    }

    [Fact]
    public async Task A_history_of_huge_messages_is_probed_no_further_than_its_budget()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        bed.Make("stored").AddHistory(5);
        await bed.VisitAsync("stored");
        GitFixture source = bed.Make("wordy", seed: 3);
        var chance = new Random(1);
        for (int i = 0; i < 8; i++)
        {
            byte[] words = new byte[400_000];
            chance.NextBytes(words);
            source.AddCommit("main", Convert.ToHexString(words), ("file", $"{i}\n"));
        }

        SyncReport report = (await bed.VisitAsync("wordy")).Report;

        Assert.Equal((Outcome.New, null), (report.Outcome, report.Error));
        Assert.Equal([Rung.CommitProbe, Rung.Everything], report.Rungs);
        await bed.AssertHoldsAsync(source, "wordy");
    }

    [Fact]
    public async Task A_pack_over_the_limit_is_an_outcome()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        bed.Make("large").AddHistory(50);

        SyncReport report = (await bed.VisitAsync("large", new SyncOptions { PackLimits = PackLimits.Default with { PackBytesMax = 1000 } })).Report;

        Assert.Equal((Outcome.OverLimit, Fault.Repository), (report.Outcome, report.Fault));
    }

    [Fact]
    public async Task A_sync_that_takes_too_long_in_all_is_timed_out()
    {
        var clock = new ManualTimeProvider();
        FaultyClient client = null!;
        await using SyncBed bed = await SyncBed.StartAsync(wrap: real => client = new FaultyClient(real), clock: clock);
        bed.Make("slow").AddHistory(3);
        client.BeforeFetch = _ => clock.Advance(TimeSpan.FromMinutes(2));

        SyncReport report = (await bed.VisitAsync("slow", new SyncOptions { SyncTimeMax = TimeSpan.FromMinutes(1) })).Report;

        Assert.Equal(Outcome.TimedOut, report.Outcome);
        Assert.Equal(120_000, report.ElapsedMs);
    }

    [Fact]
    public async Task The_callers_cancellation_is_no_outcome()
    {
        FaultyClient client = null!;
        using var cancel = new CancellationTokenSource();
        await using SyncBed bed = await SyncBed.StartAsync(wrap: real => client = new FaultyClient(real));
        bed.Make("cancelled").AddHistory(3);
        client.BeforeFetch = _ => cancel.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => bed.Sync.RunAsync(bed.Url("cancelled"), null, new SyncOptions(), cancel.Token));
    }

    [Fact]
    public async Task What_breaks_when_the_caller_lets_go_is_cancellation_too()
    {
        FaultyClient client = null!;
        using var cancel = new CancellationTokenSource();
        await using SyncBed bed = await SyncBed.StartAsync(wrap: real => client = new FaultyClient(real));
        bed.Make("cancelled").AddHistory(3);
        client.BeforeFetch = _ =>
        {
            cancel.Cancel();
            throw new IOException("the connection was closed under us");
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => bed.Sync.RunAsync(bed.Url("cancelled"), null, new SyncOptions(), cancel.Token));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MaxValue / 10_000)]
    public async Task A_sync_may_be_given_all_the_time_in_the_world(long milliseconds)
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        bed.Make("patient").AddHistory(3);

        SyncReport report = (await bed.VisitAsync("patient", new SyncOptions { SyncTimeMax = TimeSpan.FromMilliseconds(milliseconds) })).Report;

        Assert.Equal(Outcome.New, report.Outcome);
    }

    [Fact]
    public async Task Our_own_bug_is_a_failure_of_ours()
    {
        FaultyClient client = null!;
        await using SyncBed bed = await SyncBed.StartAsync(wrap: real => client = new FaultyClient(real));
        bed.Make("bug").AddHistory(3);
        client.BeforeFetch = _ => throw new InvalidOperationException("a bug");

        SyncReport report = (await bed.VisitAsync("bug")).Report;

        Assert.Equal((Outcome.Failed, Fault.Ours), (report.Outcome, report.Fault));
        Assert.Contains("a bug", report.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_objects_are_told_once_each_with_their_repository()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture source = bed.Make("told").AddHistory(6);
        var told = new List<string>();
        var options = new SyncOptions { NewObjects = (url, oid, _) => told.Add($"{url} {oid}") };

        await bed.VisitAsync("told", options);

        IEnumerable<string> expected = source.Git.Lines("rev-list", "--objects", "--no-object-names", "--all").Select(oid => $"{bed.Url("told")} {oid}");
        Assert.Equal(expected.Order(), told.Order());
    }

    /// <summary>A pack of all objects of a repository but one, made by git.</summary>
    private static byte[] PackWithout(GitFixture source, string oid)
    {
        IEnumerable<string> oids = source.Git.Lines("rev-list", "--objects", "--no-object-names", "--all").Where(one => one != oid);
        return source.Git.RunBytes(System.Text.Encoding.ASCII.GetBytes(string.Join('\n', oids) + "\n"), "pack-objects", "--stdout", "-q");
    }
}
