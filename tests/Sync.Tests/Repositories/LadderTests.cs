using Actors.Store.Heads;
using Actors.Sync.Repositories;
using Actors.TestKit.Git;
using Actors.Web.Forges;
using Xunit;

namespace Actors.Sync.Tests.Repositories;

/// <summary>Each rung of the ladder carries where it should, and brings everything.</summary>
public sealed class LadderTests
{
    [Fact]
    public async Task The_first_repository_of_an_empty_store_is_fetched_whole()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture source = bed.Make("first").AddHistory(20).AddTag("v1");

        SyncReport report = (await bed.VisitAsync("first")).Report;

        Assert.Equal(Outcome.New, report.Outcome);
        Assert.Equal([Rung.Everything], report.Rungs);
        Assert.Equal(source.CountObjects(), report.Objects);
        Assert.InRange(report.CloneBytes!.Value, 1, report.BytesReceived);
        await bed.AssertHoldsAsync(source, "first");
    }

    [Fact]
    public async Task A_second_visit_without_change_asks_once_and_parses_nothing()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        bed.Make("same").AddHistory(5);
        await bed.VisitAsync("same");

        SyncResult second = await bed.VisitAsync("same");

        Assert.Equal(Outcome.Unchanged, second.Report.Outcome);
        Assert.Equal((1, 0), (second.Report.Requests, second.Report.Refs));
        Assert.Null(second.Visit.NewSnapshot);
        Assert.NotNull(second.Report.CloneBytes);
    }

    [Fact]
    public async Task New_refs_to_stored_objects_need_no_fetch()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture source = bed.Make("heads").AddHistory(10);
        await bed.VisitAsync("heads");
        source.SetRef("old", "main~4").AddLightTag("v0", "main~7");

        SyncReport report = (await bed.VisitAsync("heads")).Report;

        Assert.Equal(Outcome.Updated, report.Outcome);
        Assert.Equal([Rung.HeadsOnly], report.Rungs);
        Assert.Equal((1, 0L), (report.Requests, report.Objects));
        await bed.AssertHoldsAsync(source, "heads");
    }

    [Fact]
    public async Task A_fork_that_is_behind_needs_no_fetch()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture upstream = bed.Make("upstream").AddHistory(30);
        await bed.VisitAsync("upstream");
        GitFixture fork = upstream.ForkTo(bed.At("fork")).SetRef("main", "main~12");

        SyncReport report = (await bed.VisitAsync("fork")).Report;

        Assert.Equal(Outcome.New, report.Outcome);
        Assert.Equal([Rung.HeadsOnly], report.Rungs);
        await bed.AssertHoldsAsync(fork, "fork");
    }

    [Fact]
    public async Task A_new_branch_from_far_below_the_own_heads_is_still_one_fetch_of_what_is_new()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture source = bed.Make("old-base").AddHistory(400);
        await bed.VisitAsync("old-base");
        int before = source.CountObjects();
        source.SetRef("refs/heads/maintenance", "main~300").AddCommit("maintenance", "a fix", ("fix.txt", "fixed")).AddHistory(3);

        SyncReport report = (await bed.VisitAsync("old-base")).Report;

        Assert.Equal([Rung.OwnHeads], report.Rungs);
        Assert.Equal(source.CountObjects() - before, report.Objects);
        await bed.AssertHoldsAsync(source, "old-base");
    }

    [Fact]
    public async Task An_update_is_one_fetch_from_own_heads()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture source = bed.Make("updated").AddHistory(50);
        await bed.VisitAsync("updated");
        int before = source.CountObjects();
        source.AddHistory(5).AddTag("v1");

        SyncReport report = (await bed.VisitAsync("updated")).Report;

        Assert.Equal(Outcome.Updated, report.Outcome);
        Assert.Equal([Rung.OwnHeads], report.Rungs);
        Assert.Equal(source.CountObjects() - before, report.Objects);
        Assert.Equal(2, report.Wants);
        await bed.AssertHoldsAsync(source, "updated");
    }

    [Fact]
    public async Task A_short_rewrite_is_met_by_an_ancestor_of_the_own_head()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture source = bed.Make("amended").AddHistory(40);
        SnapshotId before = (await bed.VisitAsync("amended")).Report.Snapshot!.Value;
        source.SetRef("main", "main~2").AddCommit("main", "again", ("src/other", "other\n")).Repack();

        SyncReport report = (await bed.VisitAsync("amended")).Report;

        Assert.Equal([Rung.OwnHeads], report.Rungs);
        // A commit, two trees, a blob.
        Assert.Equal(4, report.Objects);
        await bed.AssertHoldsAsync(source, "amended");
        Snapshot old = Assert.IsType<Snapshot>(await bed.Heads.ReadSnapshotAsync(before, TestContext.Current.CancellationToken));
        bool[] kept = new bool[1];
        await bed.Objects.ContainsAsync(new[] { old.Branches[^1].Oid }, kept, TestContext.Current.CancellationToken);
        Assert.Equal([true], kept);
    }

    [Fact]
    public async Task A_deep_rewrite_is_met_by_a_probe_of_commits()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture source = bed.Make("rewritten").AddHistory(60);
        await bed.VisitAsync("rewritten");
        source.SetRef("main", "main~40").AddCommit("main", "again", ("src/other", "other\n")).Repack();

        SyncReport report = (await bed.VisitAsync("rewritten")).Report;

        Assert.Equal([Rung.OwnHeads, Rung.CommitProbe], report.Rungs);
        // A commit, two trees, a blob.
        Assert.Equal(4, report.Objects);
        await bed.AssertHoldsAsync(source, "rewritten");
    }

    [Fact]
    public async Task A_rewrite_beside_an_old_branch_is_not_fetched_from_that_branch_on()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture source = bed.Make("released").AddHistory(90).SetRef("release", "main~80").AddTag("v1", "main~80");
        await bed.VisitAsync("released");
        source.SetRef("main", "main~12").AddCommit("main", "again", ("src/other", "other\n")).Repack();

        SyncReport report = (await bed.VisitAsync("released")).Report;

        Assert.Equal([Rung.OwnHeads, Rung.CommitProbe], report.Rungs);
        Assert.Equal(4, report.Objects);
        Assert.InRange(report.BytesReceived, 1, 8000);
        await bed.AssertHoldsAsync(source, "released");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    [InlineData(200)]
    public async Task A_fork_never_visited_is_met_at_the_commit_where_it_left(int commits)
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture upstream = bed.Make("upstream").AddHistory(400, files: 1200);
        GitFixture fork = upstream.ForkTo(bed.At("fork")).SetRef("main", "main~50");
        int shared = fork.CountObjects();
        fork.AddHistory(commits, files: 1200);
        await bed.VisitAsync("upstream");

        SyncReport report = (await bed.VisitAsync("fork")).Report;

        Assert.Equal(Outcome.New, report.Outcome);
        Assert.Equal([Rung.CommitProbe], report.Rungs);
        Assert.Equal(fork.CountObjects() - shared, report.Objects);
        Assert.Null(report.CloneBytes);
        await bed.AssertHoldsAsync(fork, "fork");
    }

    [Fact]
    public async Task A_fork_whose_branches_left_at_different_times_is_met_at_each()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture upstream = bed.Make("upstream").AddHistory(300);
        GitFixture fork = upstream.ForkTo(bed.At("fork")).SetRef("late", "main~10").SetRef("later", "main~5").SetRef("main", "main~200");
        foreach (string branch in (string[])["late", "later", "main"])
        {
            fork.AddCommit(branch, "own", ($"own-{branch}", $"{branch}\n"));
        }

        await bed.VisitAsync("upstream");

        SyncReport report = (await bed.VisitAsync("fork")).Report;

        Assert.Equal([Rung.CommitProbe], report.Rungs);
        // Each branch: a commit, its root tree, a blob.
        Assert.Equal(9, report.Objects);
        Assert.InRange(report.BytesReceived, 1, 20_000);
        await bed.AssertHoldsAsync(fork, "fork");
    }

    [Fact]
    public async Task A_squashed_import_asks_for_missing_blobs_only()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture upstream = bed.Make("upstream").AddHistory(30, files: 60);
        GitFixture squashed = upstream.SquashTo(bed.At("squashed")).AddCommit("main", "own", ("README", "ours\n"));
        await bed.VisitAsync("upstream");

        SyncReport report = (await bed.VisitAsync("squashed")).Report;

        Assert.Equal([Rung.CommitProbe, Rung.MissingBlobs], report.Rungs);
        await bed.AssertHoldsAsync(squashed, "squashed");
        // Two commits, a root tree, a blob: the rest is stored.
        Assert.Equal(4, report.Objects);
    }

    [Fact]
    public async Task An_unrelated_repository_is_fetched_whole_after_a_look_at_its_content()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        bed.Make("first").AddHistory(20);
        GitFixture other = bed.Make("other", seed: 77).AddHistory(300, files: 40);
        await bed.VisitAsync("first");

        SyncReport report = (await bed.VisitAsync("other")).Report;

        Assert.Equal([Rung.CommitProbe, Rung.Everything], report.Rungs);
        Assert.NotNull(report.CloneBytes);
        await bed.AssertHoldsAsync(other, "other");
    }

    [Fact]
    public async Task Without_filter_a_fork_is_fetched_from_the_tips_that_it_shares()
    {
        await using SyncBed bed = await SyncBed.StartAsync(new ForgeBehaviour { AllowFilter = false });
        GitFixture upstream = bed.Make("upstream").AddHistory(100).AddTag("v1");
        GitFixture fork = upstream.ForkTo(bed.At("fork"));
        int shared = fork.CountObjects();
        fork.AddHistory(4);
        await bed.VisitAsync("upstream");

        SyncReport report = (await bed.VisitAsync("fork")).Report;

        Assert.Equal([Rung.SampledHaves], report.Rungs);
        Assert.Equal(fork.CountObjects() - shared, report.Objects);
        await bed.AssertHoldsAsync(fork, "fork");
    }

    [Theory]
    [InlineData(40)]
    [InlineData(333)]
    public async Task Without_filter_a_deep_rewrite_is_found_by_bisecting_the_own_line(int depth)
    {
        await using SyncBed bed = await SyncBed.StartAsync(new ForgeBehaviour { AllowFilter = false });
        GitFixture source = bed.Make("rewritten").AddHistory(500);
        await bed.VisitAsync("rewritten");
        source.SetRef("main", $"main~{depth}").AddCommit("main", "again", ("src/other", "other\n")).Repack();

        SyncReport report = (await bed.VisitAsync("rewritten")).Report;

        Assert.Equal([Rung.OwnHeads, Rung.SampledHaves], report.Rungs);
        // A commit, two trees, a blob.
        Assert.Equal(4, report.Objects);
        await bed.AssertHoldsAsync(source, "rewritten");
    }

    [Fact]
    public async Task A_server_of_the_old_protocol_is_updated_from_own_heads_too()
    {
        await using SyncBed bed = await SyncBed.StartAsync(new ForgeBehaviour { Version2 = false });
        GitFixture source = bed.Make("legacy").AddHistory(60).AddTag("v1");
        SyncReport first = (await bed.VisitAsync("legacy")).Report;
        int before = source.CountObjects();
        source.AddHistory(5);

        SyncReport second = (await bed.VisitAsync("legacy")).Report;
        SyncReport third = (await bed.VisitAsync("legacy")).Report;

        Assert.Equal([Rung.Everything], first.Rungs);
        Assert.Equal([Rung.LegacyProtocol], second.Rungs);
        Assert.Equal(source.CountObjects() - before, second.Objects);
        Assert.Equal(Outcome.Unchanged, third.Outcome);
        await bed.AssertHoldsAsync(source, "legacy");
    }

    [Fact]
    public async Task Heads_look_the_same_whatever_the_protocol()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        bed.Make("both").AddHistory(6).AddTag("v1").AddUnusualTags();
        SyncReport first = (await bed.VisitAsync("both")).Report;
        await using SyncBed old = await SyncBed.StartAsync(new ForgeBehaviour { Version2 = false });
        old.Make("both").AddHistory(6).AddTag("v1").AddUnusualTags();

        SyncReport second = (await old.VisitAsync("both")).Report;

        Assert.Equal(first.Snapshot, second.Snapshot);
    }
}
