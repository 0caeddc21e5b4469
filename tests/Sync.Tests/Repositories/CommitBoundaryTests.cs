using Actors.Git.Objects;
using Actors.Sync.Repositories;
using Xunit;

namespace Actors.Sync.Tests.Repositories;

public sealed class CommitBoundaryTests
{
    [Fact]
    public void Stored_parents_of_unknown_commits_are_the_haves()
    {
        CommitBoundary found = Find([(9, [8]), (8, [7])], [9], stored: [7]);

        Assert.Equal([Id(7)], found.Haves);
        Assert.Equal((2, 0), (found.Unknown, found.Cut));
    }

    [Fact]
    public void What_lies_under_the_boundary_is_not_named()
    {
        CommitBoundary found = Find([(9, [8]), (8, [7]), (7, [6])], [9], stored: [8, 7, 6]);

        Assert.Equal([Id(8)], found.Haves);
    }

    [Fact]
    public void Both_sides_of_a_merge_are_followed()
    {
        CommitBoundary found = Find([(9, [8, 5]), (8, [7]), (5, [4])], [9], stored: [7, 4]);

        Assert.Equal([Id(4), Id(7)], found.Haves.Order());
        Assert.Equal(0, found.Cut);
    }

    [Fact]
    public void A_parent_that_the_probe_did_not_reach_is_a_cut()
    {
        CommitBoundary found = Find([(9, [8, 5]), (8, [7])], [9], stored: [5]);

        Assert.Equal([Id(5)], found.Haves);
        Assert.Equal(1, found.Cut);
    }

    [Fact]
    public void A_root_ends_a_line_without_a_cut()
    {
        CommitBoundary found = Find([(9, [8]), (8, [])], [9], stored: []);

        Assert.Empty(found.Haves);
        Assert.Equal((2, 0), (found.Unknown, found.Cut));
    }

    [Fact]
    public void A_start_that_is_no_commit_is_passed_over()
    {
        CommitBoundary found = Find([(9, [8])], [3, 9], stored: [8]);

        Assert.Equal([Id(8)], found.Haves);
        Assert.Equal(0, found.Cut);
    }

    [Fact]
    public void A_circle_that_a_liar_made_up_ends()
    {
        Assert.Equal(2, Find([(9, [8]), (8, [9])], [9], stored: []).Unknown);
    }

    private static CommitBoundary Find((int Commit, int[] Parents)[] commits, int[] starts, int[] stored) => CommitBoundary.Find(
        commits.ToDictionary(commit => Id(commit.Commit), commit => new CommitLinks(default, [.. commit.Parents.Select(Id)])),
        starts.Select(Id),
        stored.Select(Id).ToHashSet());

    private static Oid Id(int number) => Oid.Parse(number.ToString("x40", System.Globalization.CultureInfo.InvariantCulture));
}
