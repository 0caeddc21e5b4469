using Actors.Store.Blobs;
using Actors.Store.Heads;
using Actors.Sync.Mirrors;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.Sync.Tests.Mirrors;

/// <summary>A publication that ends anywhere: readers see the mirror before or after it, and the next one converges.</summary>
public sealed class MirrorCrashTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dying_at_any_call_leaves_the_old_mirror_or_the_new_one_and_the_next_run_converges(bool doesTheLast)
    {
        await using MirrorBed bed = await MirrorBed.StartAsync();
        bed.Options = new MirrorOptions { Grace = TimeSpan.FromMinutes(10) };
        GitFixture source = bed.Sync.Make("a").AddHistory(20);
        bool finished = false;
        for (int call = 1; !finished; call++)
        {
            // Each round begins where the one before converged, with a change that loses a tip and one that merges packs.
            string[] before = Shown(bed, "a");
            source.SetRef("main", "main~2").AddHistory(call % 4 == 0 ? 30 : 1).AddLightTag($"t{call}");
            RecordedBlobs target = new(new DirectoryBlobStore(bed.At("a"))) { DiesAt = call, DoesTheLast = doesTheLast };
            MirrorReport report = await bed.MirrorAsync("a", target);
            finished = report.Outcome != MirrorOutcome.Failed;

            string[] seen = Shown(bed, "a");
            Assert.True(seen.SequenceEqual(before) || seen.SequenceEqual(Refs(source)), $"after {target.Calls[^1]}: {string.Join(' ', seen)}");
            if (seen.Length > 0)
            {
                bed.Clone("a", "--mirror").Run("fsck", "--full", "--connectivity-only");
            }

            // A writer that was killed could not release its claim: the next one waits for its end.
            MirrorReport next = await bed.WaitingAsync(bed.MirrorAsync("a"));
            Assert.Null(next.Error);
            Assert.Equal(Refs(source), Shown(bed, "a"));
            bed.Clock.Advance(TimeSpan.FromMinutes(7));
        }

        bed.AssertIsMirror(source, "a");
    }

    [Fact]
    public async Task A_refused_write_is_a_failure_and_readers_see_what_they_saw()
    {
        await using MirrorBed bed = await MirrorBed.StartAsync();
        GitFixture source = bed.Sync.Make("a").AddHistory(20);
        await bed.MirrorAsync("a");
        string[] before = Shown(bed, "a");
        source.AddHistory(2);
        foreach (string refused in new[] { "objects/pack/", "actors/", "objects/info", "info/refs", "actors-mirror.json" })
        {
            MirrorReport report = await bed.MirrorAsync("a", new RecordedBlobs(new DirectoryBlobStore(bed.At("a"))) { Refused = refused });

            Assert.Equal(MirrorOutcome.Failed, report.Outcome);
            Assert.Contains("AccessDenied", report.Error, StringComparison.Ordinal);
            Assert.Equal(before, Shown(bed, "a"));
        }

        Assert.Equal(MirrorOutcome.Updated, (await bed.MirrorAsync("a")).Outcome);
        bed.AssertIsMirror(source, "a");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Two_writers_of_different_heads_leave_one_whole_mirror_that_reaches_both(int seed)
    {
        await using MirrorBed bed = await MirrorBed.StartAsync();
        GitFixture source = bed.Sync.Make("a").AddHistory(10);
        await bed.MirrorAsync("a");
        source.AddCommit("main", "one", ("one.txt", "1"));
        SnapshotId first = (await bed.Sync.VisitAsync("a")).Report.Snapshot!.Value;
        string one = source.Oid("main");
        source.SetRef("main", "main~1").AddCommit("main", "two", ("two.txt", "2"));
        SnapshotId second = (await bed.Sync.VisitAsync("a")).Report.Snapshot!.Value;
        string two = source.Oid("main");

        // Both go on in turns that the seed chooses.
        Random random = new(seed);
        TurnTaking turns = new(2, random);
        MirrorReport[] reports = await turns.RunAsync(
            bed.Clock,
            (writer, turn) => bed.Publisher(seed + writer).PublishAsync(
                bed.Sync.Url("a"), writer == 0 ? first : second,
                new RecordedBlobs(new DirectoryBlobStore(bed.At("a"))) { Before = turn }, TestContext.Current.CancellationToken));

        Assert.All(reports, report => Assert.Null(report.Error));
        GitCommand all = bed.Clone("a", "--mirror");
        all.Run("fsck", "--full", "--strict");
        Assert.Equal(["commit", "commit"], [all.Run("cat-file", "-t", one), all.Run("cat-file", "-t", two)]);
        Assert.Contains(all.Run("rev-parse", "main"), (string[])[one, two]);
        MirrorState state = await bed.StateAsync("a");
        Assert.Equal((true, 3L), (state.IsPublished, state.Generation));
    }

    /// <summary>What a client is told, but for kept history.</summary>
    private static string[] Shown(MirrorBed bed, string name)
    {
        string refs = Path.Combine(bed.At(name), "info", "refs");
        return File.Exists(refs) ? [.. File.ReadAllLines(refs).Where(line => !line.Contains("\trefs/actors/", StringComparison.Ordinal))] : [];
    }

    private static string[] Refs(GitFixture source) =>
        [.. source.Git.Lines("ls-remote", source.Folder).Where(line => !line.EndsWith("\tHEAD", StringComparison.Ordinal))];
}
