using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Store.Heads;
using Actors.Sync.Outcomes;
using Actors.Sync.Repositories;
using Actors.TestKit.Git;
using Actors.Web.Forges;
using Xunit;

namespace Actors.Sync.Tests.Repositories;

/// <summary>Repositories that are not one branch with some tags.</summary>
public sealed class OddRepositoriesTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_empty_repository_has_the_empty_snapshot(bool version2)
    {
        await using SyncBed bed = await SyncBed.StartAsync(new ForgeBehaviour { Version2 = version2 });
        bed.Make("empty");

        SyncReport first = (await bed.VisitAsync("empty")).Report;
        SyncReport second = (await bed.VisitAsync("empty")).Report;

        Assert.Equal((Outcome.Empty, SnapshotId.Empty), (first.Outcome, first.Snapshot));
        Assert.Equal((Outcome.Empty, SnapshotId.Empty), (second.Outcome, second.Snapshot));
        Assert.Null(first.Error);
    }

    [Fact]
    public async Task An_empty_repository_that_is_filled_later_is_updated()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture source = bed.Make("late");
        await bed.VisitAsync("late");
        source.AddHistory(3);

        SyncReport report = (await bed.VisitAsync("late")).Report;

        Assert.Equal(Outcome.Updated, report.Outcome);
        await bed.AssertHoldsAsync(source, "late");
    }

    [Fact]
    public async Task A_repository_whose_branches_all_went_is_empty_and_its_earlier_heads_stay()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture source = bed.Make("emptied").AddHistory(3);
        SnapshotId before = (await bed.VisitAsync("emptied")).Report.Snapshot!.Value;
        source.DeleteRef("main");

        SyncReport report = (await bed.VisitAsync("emptied")).Report;

        Assert.Equal((Outcome.Empty, SnapshotId.Empty), (report.Outcome, report.Snapshot));
        Assert.NotNull(await bed.Heads.ReadSnapshotAsync(before, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_detached_head_is_a_head_of_its_own()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture source = bed.Make("detached").AddHistory(5).DetachHead("main~2");

        SyncReport report = (await bed.VisitAsync("detached")).Report;

        SnapshotBranch head = (await SnapshotAsync(bed, report)).Branches[0];
        Assert.Equal((RefName.Head, SnapshotTarget.Revision, source.Oid("main~2")), (head.Name, head.Target, head.Oid.ToString()));
    }

    [Fact]
    public async Task A_dangling_head_beside_branches_does_no_harm()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture source = bed.Make("dangling").AddHistory(5).SetHead("nowhere");

        SyncReport report = (await bed.VisitAsync("dangling")).Report;

        Assert.Equal(Outcome.New, report.Outcome);
        await bed.AssertHoldsAsync(source, "dangling");
    }

    [Fact]
    public async Task Tags_of_anything_are_stored_and_told_by_kind()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture source = bed.Make("tags").AddHistory(3).AddUnusualTags();

        SyncReport report = (await bed.VisitAsync("tags")).Report;

        Dictionary<string, SnapshotBranch> branches = (await SnapshotAsync(bed, report)).Branches.ToDictionary(branch => branch.Name.ToString());
        Assert.Equal(SnapshotTarget.Content, branches["refs/tags/light-of-a-blob"].Target);
        Assert.Equal(SnapshotTarget.Release, branches["refs/tags/of-a-tag-of-a-tag"].Target);
        Assert.Equal(Oid.Parse(source.Oid("main")), branches["refs/tags/of-a-tag-of-a-tag"].Peeled);
        Assert.Equal(SnapshotTarget.Alias, branches["HEAD"].Target);
        await bed.AssertHoldsAsync(source, "tags");
    }

    [Fact]
    public async Task A_new_tag_of_a_blob_does_not_keep_an_update_from_its_heads()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture source = bed.Make("tags").AddHistory(30);
        await bed.VisitAsync("tags");
        int before = source.CountObjects();
        string blob = source.WriteObject("blob", "a public key\n");
        source.AddHistory(2).AddTag("key", blob);

        SyncReport report = (await bed.VisitAsync("tags")).Report;

        Assert.Equal([Rung.OwnHeads], report.Rungs);
        Assert.Equal(source.CountObjects() - before, report.Objects);
        await bed.AssertHoldsAsync(source, "tags");
    }

    [Fact]
    public async Task A_new_branch_without_shared_history_costs_only_itself()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture source = bed.Make("pages").AddHistory(30);
        await bed.VisitAsync("pages");
        int before = source.CountObjects();
        source.Seed = 9;
        source.AddHistory(4, branch: "gh-pages");

        SyncReport report = (await bed.VisitAsync("pages")).Report;

        Assert.Equal(Outcome.Updated, report.Outcome);
        Assert.Equal(source.CountObjects() - before, report.Objects);
        Assert.DoesNotContain(Rung.Everything, report.Rungs);
        await bed.AssertHoldsAsync(source, "pages");
    }

    [Fact]
    public async Task Odd_but_real_objects_are_stored_as_they_came()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture source = bed.Make("odd").AddHistory(2).AddUnusualEntries().AddOddObjects();

        SyncReport report = (await bed.VisitAsync("odd")).Report;

        Assert.Equal((Outcome.New, null), (report.Outcome, report.Error));
        await bed.AssertHoldsAsync(source, "odd");
    }

    [Fact]
    public async Task A_shallow_remote_is_unsupported_and_kept_aside()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture whole = new GitFixture(Path.Combine(bed.Scratch, "whole.git")).AddHistory(20);
        whole.ShallowCloneTo(bed.At("shallow"), depth: 3);

        SyncReport report = (await bed.VisitAsync("shallow")).Report;

        Assert.Equal((Outcome.Unsupported, Fault.Repository), (report.Outcome, report.Fault));
        Assert.Contains("shallow remote: history cut at 1 commits", report.Error, StringComparison.Ordinal);
        Assert.Null(report.Snapshot);
        Assert.Single(await bed.Objects.ListAsideAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_shallow_remote_whose_missing_history_is_stored_is_whole()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture whole = bed.Make("whole").AddHistory(20);
        GitFixture shallow = whole.ShallowCloneTo(bed.At("shallow"), depth: 3).AddHistory(1);
        await bed.VisitAsync("whole");

        SyncReport report = (await bed.VisitAsync("shallow")).Report;

        Assert.Equal((Outcome.New, null), (report.Outcome, report.Error));
        await bed.AssertHoldsAsync(shallow, "shallow");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_sha256_repository_is_shown_and_not_fetched(bool version2)
    {
        await using SyncBed bed = await SyncBed.StartAsync(new ForgeBehaviour { Version2 = version2 });
        bed.Make("long", objectFormat: "sha256").AddHistory(3);

        SyncReport report = (await bed.VisitAsync("long")).Report;

        Assert.Equal((Outcome.Unsupported, Fault.Ours), (report.Outcome, report.Fault));
        Assert.Contains("SHA-256", report.Error, StringComparison.Ordinal);
        Assert.Equal(2, report.Refs);
        Assert.NotNull(report.RetryAt);
    }

    [Fact]
    public async Task A_deleted_ref_is_gone_from_the_heads_and_nothing_is_fetched()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture source = bed.Make("deleted").AddHistory(5).SetRef("other", "main~1").AddTag("v1");
        await bed.VisitAsync("deleted");
        source.DeleteRef("other").DeleteRef("refs/tags/v1");

        SyncReport report = (await bed.VisitAsync("deleted")).Report;

        Assert.Equal(Outcome.Updated, report.Outcome);
        Assert.Equal([Rung.HeadsOnly], report.Rungs);
        await bed.AssertHoldsAsync(source, "deleted");
    }

    [Fact]
    public async Task Two_thousand_refs_are_two_thousand_heads()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture source = bed.Make("many").AddHistory(50);
        source.AddRefs(2000, "refs/heads/b{0}", "main", "main~9", "main~30");

        SyncReport first = (await bed.VisitAsync("many")).Report;
        source.AddHistory(2).SetRef("b7", "main");
        SyncReport second = (await bed.VisitAsync("many")).Report;

        Assert.Equal(2002, first.Refs);
        Assert.Equal((Outcome.Updated, 1), (second.Outcome, second.Wants));
        Assert.Equal([Rung.OwnHeads], second.Rungs);
        await bed.AssertHoldsAsync(source, "many");
    }

    [Fact]
    public async Task Heads_that_only_look_different_are_unchanged()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        bed.Make("same").AddHistory(3);
        await bed.VisitAsync("same");

        SyncResult other = await bed.VisitAsync("same", new SyncOptions { Refs = RefSelection.All });

        Assert.Equal(Outcome.Unchanged, other.Report.Outcome);
        Assert.NotNull(other.Visit.NewSnapshot);
    }

    private static async Task<Snapshot> SnapshotAsync(SyncBed bed, SyncReport report) =>
        Assert.IsType<Snapshot>(await bed.Heads.ReadSnapshotAsync(report.Snapshot!.Value, TestContext.Current.CancellationToken));
}
