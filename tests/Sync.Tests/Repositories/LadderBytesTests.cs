using Actors.Sync.Repositories;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.Sync.Tests.Repositories;

/// <summary>Bytes that the forge sends to us, against what it sends to git's own client for the same.</summary>
public sealed class LadderBytesTests
{
    /// <summary>An answer has some fixed lines; on packs of a few hundred bytes they are more than the ratio allows.</summary>
    private const long SlackBytes = 200;

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(100)]
    public async Task An_update_costs_what_gits_own_fetch_costs(int commits)
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture source = bed.Make("updated").AddHistory(200, files: 80).AddTag("v1").Repack();
        await bed.VisitAsync("updated");
        bed.CloneBytes("updated");
        source.AddHistory(commits, files: 80).AddTag("v2").Repack();

        (SyncReport report, long ours) = await bed.MeasureAsync("updated");
        long gits = bed.FetchBytes("updated");

        Assert.Equal([Rung.OwnHeads], report.Rungs);
        Assert.InRange(ours, 1, (long)(1.05 * gits) + SlackBytes);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(150)]
    public async Task An_update_of_many_branches_at_once_costs_what_gits_own_fetch_costs(int branches)
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture source = bed.Make("busy").AddHistory(120, files: 60).AddTag("v1", "main~60");
        source.AddRefs(branches, "refs/heads/b{0}", "main~3", "main~20", "main~40", "main~90").AddTag("v2", "b2");
        await bed.VisitAsync("busy");
        bed.CloneBytes("busy");
        source.AddHistory(3, files: 60).AddMerge("main", "b1").DeleteRef("b0").SetRef("new", "b3").AddCommit("new", "from an old branch", ("new", "n\n"));
        for (int branch = 1; branch < branches; branch += 4)
        {
            source.AddCommit($"b{branch}", $"on {branch}", ($"own{branch}", $"{branch}\n"));
        }

        (SyncReport report, long ours) = await bed.MeasureAsync("busy");
        long gits = bed.FetchBytes("busy");

        Assert.Equal([Rung.OwnHeads], report.Rungs);
        Assert.InRange(ours, 1, (long)(1.05 * gits) + SlackBytes);
        await bed.AssertHoldsAsync(source, "busy");
    }

    [Fact]
    public async Task A_first_sync_costs_what_gits_own_clone_costs()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        bed.Make("first").AddHistory(300, files: 80).Repack();
        long gits = bed.CloneBytes("first");

        (SyncReport report, long ours) = await bed.MeasureAsync("first");

        Assert.InRange(ours, 1, (long)(1.05 * gits));
        Assert.Equal(ours, report.BytesReceived);
    }

    [Theory]
    [InlineData(2, 40)]
    [InlineData(400, 80)]
    [InlineData(1500, 300)]
    public async Task A_first_sync_of_something_unrelated_costs_little_more_than_a_clone(int commits, int files)
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        bed.Make("stored").AddHistory(20);
        GitFixture other = bed.Make("other", seed: 99).AddHistory(commits, files).Repack();
        await bed.VisitAsync("stored");
        long gits = bed.CloneBytes("other");

        (_, long ours) = await bed.MeasureAsync("other");

        // A probe of 8 commits: 2 KB, whatever the size.
        Assert.InRange(ours, 1, (long)(1.05 * gits) + 2048);
        await bed.AssertHoldsAsync(other, "other");
    }

    [Fact]
    public async Task A_fork_never_visited_costs_a_hundredth_of_its_clone()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture upstream = bed.Make("upstream").AddHistory(1500, files: 600).Repack();
        GitFixture fork = upstream.ForkTo(bed.At("fork")).SetRef("main", "main~300").AddHistory(5, files: 600).Repack();
        await bed.VisitAsync("upstream");
        long gits = bed.CloneBytes("fork");

        (SyncReport report, long ours) = await bed.MeasureAsync("fork");

        Assert.Equal([Rung.CommitProbe], report.Rungs);
        Assert.InRange(ours, 1, gits / 100);
    }

    [Fact]
    public async Task A_fork_with_many_branches_is_not_shown_known_history_again_with_each_look()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture upstream = bed.Make("upstream").AddHistory(800, files: 20).Repack();
        GitFixture fork = upstream.ForkTo(bed.At("fork"));
        for (int topic = 1; topic <= 40; topic++)
        {
            fork.SetRef($"topic-{topic}", $"main~{topic * 15}").AddCommit($"topic-{topic}", "own", ("topic", $"{topic}"));
        }

        await bed.VisitAsync("upstream");
        byte[] revisions = System.Text.Encoding.ASCII.GetBytes(string.Join('\n', fork.Refs.Select(r => r.Oid)) + "\n^main\n");
        int exact = fork.Git.RunBytes(revisions, "pack-objects", "--revs", "--thin", "--stdout", "-q").Length;

        (SyncReport report, long ours) = await bed.MeasureAsync("fork");

        Assert.Equal([Rung.CommitProbe], report.Rungs);
        Assert.Equal(3 * 40, report.Objects);
        // Beside the pack: the advertisement, a look at two tips, acknowledgments, each new commit once. Looking at 16 commits
        // of each branch would be twelve times the pack.
        Assert.InRange(ours, 1, 3 * exact);
    }

    [Fact]
    public async Task A_squashed_import_costs_a_twentieth_of_its_clone()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture upstream = bed.Make("upstream").AddCommit("main", "first", Sources(300)).AddHistory(50).Repack();
        upstream.SquashTo(bed.At("squashed")).AddCommit("main", "own", ("README", "ours\n")).Repack();
        await bed.VisitAsync("upstream");
        long gits = bed.CloneBytes("squashed");

        (SyncReport report, long ours) = await bed.MeasureAsync("squashed");

        Assert.Equal([Rung.CommitProbe, Rung.MissingBlobs], report.Rungs);
        Assert.InRange(ours, 1, gits / 20);
    }

    [Fact]
    public async Task A_vendored_copy_in_an_own_history_costs_a_twentieth_of_its_clone()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture upstream = bed.Make("upstream").AddCommit("main", "first", Sources(1000)).AddHistory(50).Repack();
        GitFixture own = bed.Make("own", seed: 5).AddHistory(30, files: 4).AddVendored(upstream, "third_party/upstream").AddHistory(3, files: 4).Repack();
        await bed.VisitAsync("upstream");
        long gits = bed.CloneBytes("own");

        (SyncReport report, long ours) = await bed.MeasureAsync("own");

        Assert.Equal([Rung.CommitProbe, Rung.MissingBlobs], report.Rungs);
        Assert.InRange(ours, 1, gits / 20);
        await bed.AssertHoldsAsync(own, "own");
    }

    [Fact]
    public async Task A_squashed_import_with_changes_of_its_own_costs_a_twentieth_of_its_clone()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture upstream = bed.Make("upstream").AddCommit("main", "first", Sources(300)).AddHistory(50).Repack();
        GitFixture changed = upstream.ForkTo(Path.Combine(bed.Scratch, "changed.git")).AddCommit("main", "own", ("lib3/file3.c", "ours\n"), ("README", "ours\n"));
        GitFixture squashed = changed.SquashTo(bed.At("squashed")).Repack();
        await bed.VisitAsync("upstream");
        long gits = bed.CloneBytes("squashed");

        (SyncReport report, long ours) = await bed.MeasureAsync("squashed");

        Assert.Equal([Rung.CommitProbe, Rung.MissingBlobs], report.Rungs);
        Assert.InRange(ours, 1, gits / 20);
        await bed.AssertHoldsAsync(squashed, "squashed");
    }

    /// <summary>Files as large as source files are, 4 KB each, that deflate to half as source does.</summary>
    private static (string Path, string Text)[] Sources(int count)
    {
        var chance = new Random(42);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            byte[] bytes = new byte[2048];
            chance.NextBytes(bytes);
            return ($"lib{i % 7}/file{i}.c", Convert.ToHexString(bytes));
        })];
    }
}
