using Actors.Git.Objects;
using Actors.Store.Objects;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Actors.Store.Tests.Objects;

public sealed class PackDependenciesTests
{
    [Fact]
    public void Chain_is_ordered_from_what_needs_nothing()
    {
        PackDependencies solved = Solve(["b", "c", ""], ["a", "b", "c"]);
        Assert.Equal([true, true, true], solved.Closed);
        Assert.Equal([[2], [1], [0]], solved.Batches());
    }

    [Fact]
    public void Groups_that_need_each_other_are_one_batch()
    {
        PackDependencies solved = Solve(["b", "ac", "", "a"], ["a", "b", "c", "d"]);
        Assert.Equal([[2], [0, 1], [3]], solved.Batches().Select(batch => batch.Order().ToArray()));
    }

    [Fact]
    public void Who_needs_an_open_group_is_open_too()
    {
        PackDependencies solved = Solve(["b", "c", "nowhere", ""], ["a", "b", "c", "d"]);
        Assert.Equal([false, false, false, true], solved.Closed);
        Assert.Equal([[3]], solved.Batches());
    }

    [Fact]
    public void Second_provider_that_is_closed_counts()
    {
        PackDependencies solved = Solve(["x", "?", ""], ["a", "x", "x"]);
        Assert.Equal([true, false, true], solved.Closed);
        Assert.Equal([[2], [0]], solved.Batches());
    }

    [Fact]
    public void Any_batches_hold_each_closed_group_once_and_need_only_what_came_before() => Prop.ForAll(
        Gen.Choose(0, 20).ListOf(3).ListOf(8).ToArbitrary(),
        wanted =>
        {
            // Group i has the letters 2i and 2i+1; letters from 16 on are nowhere.
            string[] has = [.. wanted.Select((_, i) => new string([Letter(2 * i), Letter((2 * i) + 1)]))];
            string[] lacks = [.. wanted.Select((letters, i) => new string([.. letters.Select(Letter).Except(has[i]).Where(_ => i % 3 != 0)]))];
            PackDependencies solved = Solve(lacks, has);
            var there = new HashSet<char>();
            bool inOrder = solved.Batches().All(batch =>
            {
                there.UnionWith(batch.SelectMany(i => has[i]));
                return batch.All(i => there.IsSupersetOf(lacks[i]));
            });
            IEnumerable<int> published = solved.Batches().SelectMany(batch => batch).Order();
            IEnumerable<int> closed = Enumerable.Range(0, has.Length).Where(i => solved.Closed[i]);
            bool largest = Enumerable.Range(0, has.Length).Where(i => !solved.Closed[i]).All(i => lacks[i].Any(letter => !there.Contains(letter)));
            return inOrder && largest && published.SequenceEqual(closed);
        }).QuickCheckThrowOnFailure();

    private static char Letter(int number) => (char)('a' + number);

    /// <summary>Objects are letters: what each group lacks, and what it has.</summary>
    private static PackDependencies Solve(string[] lacks, string[] has) => PackDependencies.Solve(
        [.. lacks.Select(letters => letters == "nowhere" ? [OidOf('!')] : letters.Select(OidOf).ToArray())],
        (i, oid) => has[i].Any(letter => OidOf(letter) == oid));

    private static Oid OidOf(char letter) => TestPack.OidOf(ObjectType.Blob, [(byte)letter]);
}
