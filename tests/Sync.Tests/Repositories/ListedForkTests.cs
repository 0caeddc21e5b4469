using Actors.Git.Remotes;
using Actors.Store.Listings;
using Actors.Sync.Repositories;
using Actors.TestKit.Git;
using Actors.Web.Forges;
using Xunit;

namespace Actors.Sync.Tests.Repositories;

/// <summary>A new repository that shares no tip with what the store has, and of which a listing says what it is a fork of.</summary>
public sealed class ListedForkTests
{
    [Theory]
    [InlineData(true, Rung.SampledHaves)]
    [InlineData(false, Rung.LegacyProtocol)]
    public async Task A_server_that_tells_little_sends_only_what_its_forks_parent_lacks(bool version2, Rung rung)
    {
        await using SyncBed bed = await SyncBed.StartAsync(new ForgeBehaviour { AllowFilter = false, Version2 = version2 });
        (GitFixture fork, int own) = await MakeAsync(bed);
        Assert.Equal([Rung.Everything], (await VisitCopyAsync(bed, fork, "unlisted", null)).Rungs);

        SyncReport report = await VisitCopyAsync(bed, fork, "listed", "upstream");
        // The first copy brought it all: nothing is left to fetch.
        Assert.Equal(0, report.Objects);

        await using SyncBed fresh = await SyncBed.StartAsync(new ForgeBehaviour { AllowFilter = false, Version2 = version2 });
        (GitFixture again, int few) = await MakeAsync(fresh);
        report = await VisitCopyAsync(fresh, again, "listed", "upstream");
        Assert.Equal([rung], report.Rungs);
        Assert.Equal((own, few), (few, (int)report.Objects));
        await fresh.AssertHoldsAsync(again, "listed");
    }

    [Fact]
    public async Task Where_commits_can_be_looked_at_alone_that_is_done_as_ever()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        (GitFixture fork, int own) = await MakeAsync(bed);
        SyncReport report = await VisitCopyAsync(bed, fork, "listed", "upstream");
        Assert.Equal([Rung.CommitProbe], report.Rungs);
        Assert.Equal(own, report.Objects);
    }

    [Fact]
    public async Task A_parent_that_was_never_visited_leads_to_its_own_parent()
    {
        await using SyncBed bed = await SyncBed.StartAsync(new ForgeBehaviour { AllowFilter = false });
        (GitFixture fork, int own) = await MakeAsync(bed);
        await using MemoryListingStore listings = new();
        await listings.SaveListedAsync(
            [
                new ListedRepository { Url = bed.Url("listed"), Parent = bed.Url("middle"), ListedAt = DateTimeOffset.UnixEpoch },
                new ListedRepository { Url = bed.Url("middle"), Parent = bed.Url("upstream"), ListedAt = DateTimeOffset.UnixEpoch },
            ],
            CancellationToken.None);
        fork.ForkTo(bed.At("listed"));
        SyncReport report = (await bed.VisitAsync("listed", new SyncOptions { Listings = listings })).Report;
        Assert.Equal([Rung.SampledHaves], report.Rungs);
        Assert.Equal(own, report.Objects);
    }

    [Theory]
    [InlineData("unrelated")]
    [InlineData("listed")]
    [InlineData("nowhere")]
    public async Task A_listing_that_is_wrong_costs_a_question_and_nothing_else(string parent)
    {
        await using SyncBed bed = await SyncBed.StartAsync(new ForgeBehaviour { AllowFilter = false });
        (GitFixture fork, _) = await MakeAsync(bed);
        bed.Make("unrelated", seed: 9).AddHistory(40);
        await bed.VisitAsync("unrelated");
        SyncReport report = await VisitCopyAsync(bed, fork, "listed", parent);
        Assert.Equal(Store.Heads.Outcome.New, report.Outcome);
        await bed.AssertHoldsAsync(fork, "listed");
    }

    /// <summary>An upstream that was visited and went on since the fork; and the fork, which is not served, with the objects that are its own.</summary>
    private static async Task<(GitFixture Fork, int Own)> MakeAsync(SyncBed bed)
    {
        GitFixture upstream = bed.Make("upstream").AddHistory(100);
        await bed.VisitAsync("upstream");
        GitFixture fork = upstream.ForkTo(bed.Scratch + "/fork.git");
        fork.SetRef("main", "main~30").Repack();
        int shared = fork.CountObjects();
        fork.AddCommit("main", "one", ("own/file", "one\n")).AddCommit("main", "two", ("own/file", "two\n"));
        return (fork, fork.CountObjects() - shared);
    }

    private static async Task<SyncReport> VisitCopyAsync(SyncBed bed, GitFixture fork, string name, string? parent)
    {
        await using MemoryListingStore listings = new();
        RepositoryUrl url = bed.Url(name);
        await listings.SaveListedAsync([new ListedRepository { Url = url, Parent = parent is null ? null : bed.Url(parent), ListedAt = DateTimeOffset.UnixEpoch }], CancellationToken.None);
        fork.ForkTo(bed.At(name));
        return (await bed.VisitAsync(name, new SyncOptions { Listings = listings })).Report;
    }
}
