using Actors.Store.Blobs;
using Actors.Store.Blobs.S3;
using Actors.Store.Heads;
using Actors.Sync.Mirrors;
using Actors.TestKit.Git;
using Actors.TestKit.Judges;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Sync.Tests.Mirrors;

/// <summary>Mirrors in buckets of a real S3 service, read by stock git without credentials.</summary>
public sealed class MirrorS3Tests
{
    private static CancellationToken None => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stock_git_clones_and_fetches_from_the_bucket_through_updates_rewrites_and_deletions()
    {
        S3Server s3 = await S3Server.SharedAsync(Assert.Skip);
        string bucket = await BucketAsync(s3);
        await using MirrorBed bed = await MirrorBed.StartAsync();
        GitFixture source = bed.Sync.Make("a").AddHistory(50).AddTag("v1").AddUnusualEntries().SetRef("refs/pull/1/head", "main~4");
        string url = $"{s3.Endpoint}{bucket}/mirrors/a";
        await using S3BlobStore target = s3.Open(bucket, "mirrors/a");
        Assert.Equal(MirrorOutcome.Created, (await bed.MirrorAsync("a", target)).Outcome);
        GitCommand follower = bed.AssertIsMirror(source, url);
        GitCommand plain = bed.Clone(url);
        List<string> tips = [];
        for (int round = 0; round < 6; round++)
        {
            tips.Add(source.Oid("main"));
            source.SetRef("main", round % 3 == 2 ? "main~3" : "main").AddHistory(3).SetRef($"refs/heads/b{round}", "main~1").DeleteRef($"refs/heads/b{round - 2}");
            MirrorReport report = await bed.MirrorAsync("a", target);
            Assert.Equal((MirrorOutcome.Updated, null), (report.Outcome, report.Error));
            plain.Run("fetch", "-q", "--prune", "origin");
            Assert.Equal(source.Oid("main"), plain.Run("rev-parse", "origin/main"));
            Assert.Equal(source.Git.Lines("for-each-ref", "--format=%(objectname)", "refs/heads"), plain.Lines("for-each-ref", "--format=%(objectname)", "refs/remotes/origin/b*", "refs/remotes/origin/main"));
        }

        follower.Run("fetch", "-q", "--prune", "origin");
        foreach (string tip in tips)
        {
            Assert.Equal("commit", follower.Run("cat-file", "-t", tip));
        }

        bed.AssertIsMirror(source, url);
        plain.Run("fsck", "--full", "--strict");
    }

    [Fact]
    public async Task A_first_run_costs_few_requests_and_an_unchanged_one_a_single_one()
    {
        S3Server s3 = await S3Server.SharedAsync(Assert.Skip);
        string bucket = await BucketAsync(s3);
        await using S3FaultProxy proxy = await S3FaultProxy.StartAsync(s3.Endpoint, _ => null);
        await using MirrorBed bed = await MirrorBed.StartAsync();
        bed.Sync.Make("a").AddHistory(20);
        await using S3BlobStore target = s3.Open(bucket, "a", settings => settings with { Endpoint = proxy.Endpoint });

        await bed.MirrorAsync("a", target);
        int first = proxy.Requests.Count;
        await bed.MirrorAsync("a", target);

        Assert.Equal((11, 1), (first, proxy.Requests.Count - first));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Faults_of_the_service_delay_a_mirror_and_spoil_nothing(int seed)
    {
        S3Server s3 = await S3Server.SharedAsync(Assert.Skip);
        string bucket = await BucketAsync(s3);
        await using S3FaultProxy proxy = await S3FaultProxy.StartAsync(
            s3.Endpoint, S3FaultProxy.BySeed(seed, 0.3, S3Fault.Reset, S3Fault.Unheard, S3Fault.SlowDown, S3Fault.InternalError, S3Fault.Cut(10)));
        await using MirrorBed bed = await MirrorBed.StartAsync();
        GitFixture source = bed.Sync.Make("a").AddHistory(20);
        await using S3BlobStore target = s3.Open(bucket, "a", settings => settings with { Endpoint = proxy.Endpoint });
        for (int round = 0; round < 5; round++)
        {
            MirrorReport report = await bed.WaitingAsync(bed.MirrorAsync("a", target));
            Assert.Null(report.Error);
            source.SetRef("main", "main~1").AddHistory(2);
        }

        Assert.Null((await bed.WaitingAsync(bed.MirrorAsync("a", target))).Error);
        bed.AssertIsMirror(source, $"{s3.Endpoint}{bucket}/a");
    }

    [Fact]
    public async Task A_service_that_refuses_writes_is_a_failed_mirror_and_readers_see_what_they_saw()
    {
        S3Server s3 = await S3Server.SharedAsync(Assert.Skip);
        string bucket = await BucketAsync(s3);
        await using MirrorBed bed = await MirrorBed.StartAsync();
        GitFixture source = bed.Sync.Make("a").AddHistory(20);
        await using S3BlobStore target = s3.Open(bucket, "a");
        await bed.MirrorAsync("a", target);
        GitCommand before = bed.Clone($"{s3.Endpoint}{bucket}/a", "--mirror");
        source.AddHistory(2);
        await s3.RefusePutsAsync(bucket, "a/objects/pack/");

        MirrorReport refused = await bed.MirrorAsync("a", target);
        await s3.AllowAnonymousReadAsync(bucket);
        GitCommand after = bed.Clone($"{s3.Endpoint}{bucket}/a", "--mirror");

        Assert.Equal(MirrorOutcome.Failed, refused.Outcome);
        Assert.Contains("AccessDenied", refused.Error, StringComparison.Ordinal);
        StoreJudge.AssertSame(before, after);
        Assert.Equal(MirrorOutcome.Updated, (await bed.MirrorAsync("a", target)).Outcome);
        bed.AssertIsMirror(source, $"{s3.Endpoint}{bucket}/a");
    }

    [Fact]
    public async Task Writers_at_once_leave_one_whole_mirror()
    {
        S3Server s3 = await S3Server.SharedAsync(Assert.Skip);
        string bucket = await BucketAsync(s3);
        await using MirrorBed bed = await MirrorBed.StartAsync();
        GitFixture source = bed.Sync.Make("a").AddHistory(20);
        await using S3BlobStore target = s3.Open(bucket, "a");
        List<SnapshotId> snapshots = [];
        List<string> tips = [];
        for (int writer = 0; writer < 4; writer++)
        {
            source.SetRef("main", "main~1").AddCommit("main", $"of {writer}", ($"{writer}", $"{writer}"));
            tips.Add(source.Oid("main"));
            snapshots.Add((await bed.Sync.VisitAsync("a")).Report.Snapshot!.Value);
        }

        MirrorReport[] reports = await bed.WaitingAsync(Task.WhenAll(snapshots.Select((snapshot, writer) =>
            Task.Run(() => bed.Publisher(writer).PublishAsync(bed.Sync.Url("a"), snapshot, target, None), None))));

        Assert.All(reports, report => Assert.Null(report.Error));
        GitCommand all = bed.Clone($"{s3.Endpoint}{bucket}/a", "--mirror");
        all.Run("fsck", "--full", "--strict");
        Assert.Contains(all.Run("rev-parse", "main"), tips);
        Assert.All(tips, tip => Assert.Equal("commit", all.Run("cat-file", "-t", tip)));
    }

    private static async Task<string> BucketAsync(S3Server s3)
    {
        string bucket = await s3.MakeBucketAsync();
        await s3.AllowAnonymousReadAsync(bucket);
        return bucket;
    }
}
