using Actors.Store.Blobs;
using Actors.Sync.Mirrors;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.Sync.Tests.Mirrors;

/// <summary>Mirrors of a real forge's repositories, judged by stock git over plain HTTP.</summary>
public sealed class MirrorPublisherTests
{
    [Fact]
    public async Task A_clone_of_the_mirror_is_the_source()
    {
        await using MirrorBed bed = await MirrorBed.StartAsync();
        GitFixture source = bed.Sync.Make("a").AddHistory(40).AddTag("v1").AddUnusualEntries().AddUnusualTags().AddOddObjects()
            .SetRef("refs/notes/commits", "main").SetRef("refs/pull/7/head", "main~3");

        MirrorReport report = await bed.MirrorAsync("a");

        Assert.Equal((MirrorOutcome.Created, null), (report.Outcome, report.Error));
        Assert.Equal((1, source.Refs.Count(r => r.Name != "HEAD")), (report.Packs, report.Refs));
        bed.AssertIsMirror(source, "a");
        GitCommand plain = bed.Clone("a");
        Assert.Equal(source.Oid("main"), plain.Run("rev-parse", "HEAD"));
        Assert.Equal("origin/main", plain.Run("rev-parse", "--abbrev-ref", "@{u}"));
    }

    [Fact]
    public async Task An_unchanged_mirror_costs_one_read()
    {
        await using MirrorBed bed = await MirrorBed.StartAsync();
        bed.Sync.Make("a").AddHistory(5);
        await bed.MirrorAsync("a");

        RecordedBlobs target = new(new DirectoryBlobStore(bed.At("a")));
        MirrorReport report = await bed.MirrorAsync("a", target);

        Assert.Equal((MirrorOutcome.Unchanged, 0L), (report.Outcome, report.BytesSent));
        Assert.Equal(["read actors-mirror.json"], target.Calls);
    }

    [Fact]
    public async Task A_first_publication_writes_in_the_order_that_readers_need()
    {
        await using MirrorBed bed = await MirrorBed.StartAsync();
        bed.Sync.Make("a").AddHistory(5);
        RecordedBlobs target = new(new DirectoryBlobStore(bed.At("a")));
        MirrorReport report = await bed.MirrorAsync("a", target);

        string pack = (await bed.StateAsync("a")).Packs.Single().Name.ToString();
        Assert.Equal(
            [
                "read actors-mirror.json", "find HEAD", $"put objects/pack/pack-{pack}.pack", $"put objects/pack/pack-{pack}.idx", "put actors/claims/1.json",
                "read actors-mirror.json", "put actors-mirror.json", "put objects/info/packs", "put info/refs", "put HEAD", "put actors-mirror.json",
            ],
            target.Calls);
        Assert.Equal(MirrorOutcome.Created, report.Outcome);
    }

    [Fact]
    public async Task An_update_sends_only_what_is_new_and_an_old_clone_fetches_it()
    {
        await using MirrorBed bed = await MirrorBed.StartAsync();
        GitFixture source = bed.Sync.Make("a").AddHistory(100);
        MirrorReport first = await bed.MirrorAsync("a");
        GitCommand clone = bed.Clone("a", "--mirror");
        source.AddCommit("main", "more", ("more.txt", "more")).AddTag("v2");

        MirrorReport second = await bed.MirrorAsync("a");
        clone.Run("fetch", "-q", "--prune", "origin");

        Assert.Equal((MirrorOutcome.Updated, 4L, 2), (second.Outcome, second.NewObjects, second.Packs));
        Assert.True(second.BytesSent < first.BytesSent / 5, $"{second.BytesSent} of {first.BytesSent} bytes");
        TestKit.Judges.StoreJudge.AssertSame(source.Git, clone);
        bed.AssertIsMirror(source, "a");
    }

    [Fact]
    public async Task Forced_and_deleted_tips_stay_reachable_where_a_plain_clone_does_not_look()
    {
        await using MirrorBed bed = await MirrorBed.StartAsync();
        GitFixture source = bed.Sync.Make("a").AddHistory(20).AddCommit("side", "side", ("side.txt", "side")).AddTag("v1", "side").SetRef("refs/heads/merged", "main~5");
        await bed.MirrorAsync("a");
        string main = source.Oid("main");
        string side = source.Oid("side");
        string tag = source.Oid("refs/tags/v1");
        source.SetRef("main", "main~10").AddCommit("main", "rewritten", ("new.txt", "new")).DeleteRef("refs/heads/side").DeleteRef("refs/tags/v1").DeleteRef("refs/heads/merged");

        MirrorReport report = await bed.MirrorAsync("a");

        bed.AssertIsMirror(source, "a");
        GitCommand all = bed.Clone("a", "--mirror");
        string folder = $"refs/actors/history/{bed.Clock.GetUtcNow().UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-2";
        Assert.Equal(
            [$"{main} {folder}/heads/main", $"{side} {folder}/heads/side", $"{tag} {folder}/tags/v1"],
            all.Lines("for-each-ref", "--format=%(objectname) %(refname)", "refs/actors").Where(line => !line.EndsWith("/merged", StringComparison.Ordinal)));
        all.Run("fsck", "--full", "--strict");
        Assert.Equal(side, all.Run("rev-parse", $"{folder}/tags/v1^{{}}"));
        GitCommand plain = bed.Clone("a");
        Assert.Empty(plain.Lines("for-each-ref", "refs/actors", "refs/remotes/origin/side"));
        Assert.Equal(report.HistoryKept, all.Lines("for-each-ref", "refs/actors").Length);
    }

    [Fact]
    public async Task History_survives_many_rewrites_and_merges_of_packs()
    {
        await using MirrorBed bed = await MirrorBed.StartAsync();
        bed.Options = new MirrorOptions { Grace = TimeSpan.FromHours(1) };
        GitFixture source = bed.Sync.Make("a").AddHistory(60);
        HashSet<string> tips = [];
        int packsMost = 0;
        for (int round = 0; round < 25; round++)
        {
            tips.Add(source.Oid("main"));
            MirrorReport report = await bed.MirrorAsync("a");
            Assert.Null(report.Error);
            packsMost = Math.Max(packsMost, report.Packs);
            if (round % 5 == 4)
            {
                source.SetRef("main", "main~4");
            }

            source.AddCommit("main", $"round {round}", ($"f{round}.txt", $"{round}")).AddLightTag($"t{round}", "main");
            bed.Clock.Advance(TimeSpan.FromMinutes(20));
        }

        await bed.MirrorAsync("a");
        bed.AssertIsMirror(source, "a");
        GitCommand all = bed.Clone("a", "--mirror");
        all.Run("fsck", "--full", "--strict", "--connectivity-only");
        foreach (string tip in tips)
        {
            Assert.Equal("commit", all.Run("cat-file", "-t", tip));
        }

        Assert.True(packsMost <= 6, $"{packsMost} packs");
        MirrorState state = await bed.StateAsync("a");
        int files = Directory.GetFiles(Path.Combine(bed.At("a"), "objects", "pack"), "*.pack").Length;
        Assert.Equal(state.Packs.Count + state.Retired.Count, files);
        Assert.All(state.Retired, pack => Assert.True(bed.Clock.GetUtcNow() - pack.At < bed.Options.Grace));
    }

    [Fact]
    public async Task Retired_packs_stay_for_the_grace_and_an_unchanged_run_removes_them_after_it()
    {
        await using MirrorBed bed = await MirrorBed.StartAsync();
        GitFixture source = bed.Sync.Make("a").AddHistory(3);
        await bed.MirrorAsync("a");
        source.AddHistory(10);
        MirrorReport merged = await bed.MirrorAsync("a");
        string packs = Path.Combine(bed.At("a"), "objects", "pack");

        Assert.Equal((1, 1, 2), (merged.PacksMerged, merged.Packs, Directory.GetFiles(packs, "*.pack").Length));
        bed.Clock.Advance(TimeSpan.FromHours(23));
        Assert.Equal(MirrorOutcome.Unchanged, (await bed.MirrorAsync("a")).Outcome);
        Assert.Equal(2, Directory.GetFiles(packs, "*.pack").Length);
        bed.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(MirrorOutcome.Updated, (await bed.MirrorAsync("a")).Outcome);
        Assert.Equal((1, 1), (Directory.GetFiles(packs, "*.pack").Length, Directory.GetFiles(packs, "*.idx").Length));
        bed.AssertIsMirror(source, "a");
        Assert.Equal(MirrorOutcome.Unchanged, (await bed.MirrorAsync("a")).Outcome);
    }

    [Fact]
    public async Task A_large_repository_has_several_packs()
    {
        await using MirrorBed bed = await MirrorBed.StartAsync();
        bed.Options = new MirrorOptions { PackBytesMax = 8_000 };
        GitFixture source = bed.Sync.Make("a").AddHistory(60);

        MirrorReport report = await bed.MirrorAsync("a");

        Assert.InRange(report.Packs, 2, 16);
        Assert.All((await bed.StateAsync("a")).Packs, pack => Assert.True(pack.PackBytes <= 8_000 + 100, $"{pack.PackBytes}"));
        bed.AssertIsMirror(source, "a");
    }

    [Theory]
    [InlineData("detached")]
    [InlineData("unborn")]
    [InlineData("other")]
    [InlineData("empty")]
    public async Task HEAD_is_the_sources(string head)
    {
        await using MirrorBed bed = await MirrorBed.StartAsync();
        GitFixture source = bed.Sync.Make("a");
        if (head != "empty")
        {
            source.AddHistory(3).SetRef("refs/heads/odd/näme", "main");
            source.Git.Run("symbolic-ref", "HEAD", head == "unborn" ? "refs/heads/nowhere" : head == "other" ? "refs/heads/odd/näme" : "refs/heads/main");
            if (head == "detached")
            {
                source.Git.Run("update-ref", "--no-deref", "HEAD", source.AddCommit("gone", "detached", ("d", "d")).Oid("gone"));
                source.DeleteRef("refs/heads/gone");
            }
        }

        MirrorReport report = await bed.MirrorAsync("a");

        Assert.Null(report.Error);
        bed.AssertIsMirror(source, "a");
        if (head == "unborn")
        {
            // A first probe does not ask for it, and over the dumb protocol git cannot be told: it takes one of the usual names where it is there.
            Assert.Equal("ref: refs/heads/.invalid\n", File.ReadAllText(Path.Combine(bed.At("a"), "HEAD")));
            return;
        }

        GitCommand clone = bed.Clone("a");
        GitCommand direct = new(bed.Folder["direct"]);
        direct.Run("clone", "-q", bed.Sync.Forge.UrlOf("a"), ".");
        Assert.Equal(direct.Try([], "rev-parse", "-q", "--verify", "HEAD").Output, clone.Try([], "rev-parse", "-q", "--verify", "HEAD").Output);
    }

    [Fact]
    public async Task A_detached_HEAD_that_moves_is_kept()
    {
        await using MirrorBed bed = await MirrorBed.StartAsync();
        GitFixture source = bed.Sync.Make("a").AddHistory(3);
        string oid = source.AddCommit("gone", "detached", ("d", "d")).Oid("gone");
        source.Git.Run("update-ref", "--no-deref", "HEAD", oid);
        source.DeleteRef("refs/heads/gone");
        await bed.MirrorAsync("a");
        source.Git.Run("symbolic-ref", "HEAD", "refs/heads/main");

        await bed.MirrorAsync("a");

        Assert.Contains($"{oid}\trefs/actors/history/", File.ReadAllText(Path.Combine(bed.At("a"), "info", "refs")), StringComparison.Ordinal);
        bed.AssertIsMirror(source, "a");
    }

    [Fact]
    public async Task A_source_that_loses_all_its_refs_keeps_them_as_history()
    {
        await using MirrorBed bed = await MirrorBed.StartAsync();
        GitFixture source = bed.Sync.Make("a").AddHistory(3);
        string oid = source.Oid("main");
        await bed.MirrorAsync("a");
        source.DeleteRef("refs/heads/main");

        MirrorReport report = await bed.MirrorAsync("a");

        Assert.Equal((MirrorOutcome.Updated, 1), (report.Outcome, report.HistoryKept));
        GitCommand all = bed.Clone("a", "--mirror");
        Assert.EndsWith("/heads/main", Assert.Single(all.Lines("for-each-ref", "--format=%(refname)")), StringComparison.Ordinal);
        Assert.Equal("commit", all.Run("cat-file", "-t", oid));
    }

    [Fact]
    public async Task Somebody_elses_repository_is_not_overwritten()
    {
        await using MirrorBed bed = await MirrorBed.StartAsync();
        bed.Sync.Make("a").AddHistory(2);
        bed.Sync.Make("b", seed: 2).AddHistory(2);
        await bed.MirrorAsync("a");
        new GitCommand(bed.At("mine")).Run("init", "-q", "--bare", ".");

        MirrorReport other = await bed.MirrorAsync("b", new DirectoryBlobStore(bed.At("a")));
        MirrorReport mine = await bed.MirrorAsync("b", new DirectoryBlobStore(bed.At("mine")));
        bed.Options = new MirrorOptions { TakeOver = true };
        MirrorReport taken = await bed.MirrorAsync("b", new DirectoryBlobStore(bed.At("mine")));

        Assert.Equal((MirrorOutcome.Failed, MirrorOutcome.Failed, MirrorOutcome.Created), (other.Outcome, mine.Outcome, taken.Outcome));
        Assert.Contains("is the mirror of", other.Error, StringComparison.Ordinal);
        Assert.Contains("no mirror of ours", mine.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bundle_beside_the_mirror_serves_a_clone_and_is_renewed_when_much_was_added()
    {
        await using MirrorBed bed = await MirrorBed.StartAsync();
        bed.Options = new MirrorOptions { Bundle = true };
        GitFixture source = bed.Sync.Make("a").AddHistory(50).AddTag("v1");
        await bed.MirrorAsync("a");
        source.AddCommit("main", "little", ("little.txt", "little"));
        await bed.MirrorAsync("a");
        MirrorBundle stale = (await bed.StateAsync("a")).Bundle!;
        GitCommand clone = bed.Clone("a", $"--bundle-uri={bed.UrlOf("a")}/mirror.bundle");

        Assert.Equal(source.Oid("main"), clone.Run("rev-parse", "HEAD"));
        Assert.True(stale.AddedBytes > 0);
        clone.Run("fsck", "--full", "--strict");
        new GitCommand(bed.Folder["verified"]).Run("clone", "-q", Path.Combine(bed.At("a"), "mirror.bundle"), ".");

        source.AddHistory(100);
        await bed.MirrorAsync("a");
        MirrorState state = await bed.StateAsync("a");
        Assert.Equal((state.Snapshot, 0L), (state.Bundle!.Snapshot, state.Bundle.AddedBytes));
    }

    [Fact]
    public async Task A_bundle_asked_for_later_is_made_without_a_change_of_the_source()
    {
        await using MirrorBed bed = await MirrorBed.StartAsync();
        bed.Sync.Make("a").AddHistory(5);
        await bed.MirrorAsync("a");
        bed.Options = new MirrorOptions { Bundle = true };

        Assert.Equal(MirrorOutcome.Updated, (await bed.MirrorAsync("a")).Outcome);
        Assert.Equal(MirrorOutcome.Unchanged, (await bed.MirrorAsync("a")).Outcome);
        Assert.True(File.Exists(Path.Combine(bed.At("a"), "mirror.bundle")));
    }
}
