using Actors.Git.Lfs;
using Actors.Git.Remotes;
using Actors.Sync.Mirrors;
using Actors.TestKit.Git;
using Actors.Web.Forges;
using Xunit;

namespace Actors.Sync.Tests.Mirrors;

/// <summary>Objects of Git LFS, from a forge with an LFS server to a mirror.</summary>
public sealed class MirrorLfsTests
{
    [Fact]
    public async Task Objects_that_pointers_name_are_brought_once_verified_and_where_git_lfs_keeps_them()
    {
        await using MirrorBed bed = await StartAsync();
        LfsScript lfs = Serve(bed);
        GitFixture source = bed.Sync.Make("a").AddHistory(5)
            .AddCommit("main", "large", ("large.bin", lfs.Add("first large content")), ("empty.bin", LfsScript.PointerOf("")))
            .AddCommit("side", "other", ("other.bin", lfs.Add("content of another branch")), ("no.bin", "version https://git-lfs.github.com/spec/v1\nnot a pointer\n"));

        MirrorReport first = await bed.MirrorAsync("a");
        MirrorReport second = await bed.MirrorAsync("a");
        source.AddCommit("main", "larger", ("larger.bin", lfs.Add("a new content")), ("copy.bin", lfs.Add("first large content")));
        MirrorReport third = await bed.MirrorAsync("a");

        Assert.Equal([(MirrorOutcome.Created, 2L), (MirrorOutcome.Unchanged, 0L), (MirrorOutcome.Updated, 1L)], new[] { first, second, third }.Select(report => (report.Outcome, report.LfsObjects)));
        foreach (string content in new[] { "first large content", "content of another branch", "a new content" })
        {
            string oid = LfsScript.OidOf(content);
            Assert.Equal(content, File.ReadAllText(Path.Combine(bed.At("a"), "lfs", "objects", oid[..2], oid[2..4], oid)));
            Assert.Single(lfs.Sent, sent => sent == oid);
        }

        Assert.DoesNotContain(Directory.GetFiles(bed.Folder["spool"], "*", SearchOption.AllDirectories), path => !path.EndsWith(".lock", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_asked_for_later_is_brought_without_a_change_of_the_source()
    {
        await using MirrorBed bed = await StartAsync();
        LfsScript lfs = Serve(bed);
        bed.Options = new MirrorOptions();
        GitFixture source = bed.Sync.Make("a").AddCommit("main", "large", ("large.bin", lfs.Add("large content")));
        await bed.MirrorAsync("a");
        source.AddCommit("main", "small", ("small", "small"));
        await bed.MirrorAsync("a");
        bed.Options = new MirrorOptions { Lfs = true };

        MirrorReport report = await bed.MirrorAsync("a");

        Assert.Equal((MirrorOutcome.Updated, 1L, 0L), (report.Outcome, report.LfsObjects, report.NewObjects));
        Assert.Equal(MirrorOutcome.Unchanged, (await bed.MirrorAsync("a")).Outcome);
    }

    [Fact]
    public async Task Objects_that_the_source_has_lost_are_counted_and_looked_for_with_the_next_change()
    {
        await using MirrorBed bed = await StartAsync();
        LfsScript lfs = Serve(bed);
        GitFixture source = bed.Sync.Make("a").AddCommit("main", "large", ("here.bin", lfs.Add("here")), ("lost.bin", LfsScript.PointerOf("lost")));

        MirrorReport first = await bed.MirrorAsync("a");
        Assert.Equal((MirrorOutcome.Created, 1L, 1L, null), (first.Outcome, first.LfsObjects, first.LfsMissing, first.Error));
        lfs.Add("lost");
        Assert.Equal((MirrorOutcome.Unchanged, 1L), await bed.MirrorAsync("a") is var again ? (again.Outcome, again.LfsMissing) : default);
        source.AddCommit("main", "more", ("more", "more"));
        MirrorReport third = await bed.MirrorAsync("a");
        Assert.Equal((MirrorOutcome.Updated, 1L, 0L), (third.Outcome, third.LfsObjects, third.LfsMissing));
    }

    [Theory]
    [InlineData(503, false)]
    [InlineData(null, true)]
    public async Task A_server_that_fails_or_lies_is_told_the_git_part_is_published_and_the_next_run_brings_the_rest(int? status, bool lies)
    {
        await using MirrorBed bed = await StartAsync();
        LfsScript lfs = Serve(bed);
        (lfs.BatchStatus, lfs.Lies) = (status, lies);
        GitFixture source = bed.Sync.Make("a").AddCommit("main", "large", ("large.bin", lfs.Add("large content")));

        MirrorReport report = await bed.MirrorAsync("a");
        Assert.Equal(MirrorOutcome.Failed, report.Outcome);
        Assert.Contains("1 objects of Git LFS could not be brought", report.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(bed.At("a"), "lfs")));
        bed.AssertIsMirror(source, "a");

        (lfs.BatchStatus, lfs.Lies) = (null, false);
        MirrorReport next = await bed.MirrorAsync("a");
        Assert.Equal((MirrorOutcome.Updated, 1L, null), (next.Outcome, next.LfsObjects, next.Error));
    }

    private static async Task<MirrorBed> StartAsync()
    {
        MirrorBed bed = await MirrorBed.StartAsync();
        bed.Options = new MirrorOptions { Lfs = true };
        bed.Lfs = new LfsClient(new GitClientOptions());
        return bed;
    }

    private static LfsScript Serve(MirrorBed bed)
    {
        LfsScript lfs = new(() => bed.Sync.Forge.Address);
        bed.Sync.Forge.Behaviour = new ForgeBehaviour { Answer = lfs.Answer };
        return lfs;
    }
}
