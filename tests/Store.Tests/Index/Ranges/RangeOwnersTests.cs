using Actors.Store.Catalogue;
using Actors.Store.Index.Ranges;
using Xunit;

namespace Actors.Store.Tests.Index.Ranges;

public sealed class RangeOwnersTests
{
    private static readonly IndexProcess[] Five = [.. Enumerable.Range(1, 5).Select(id => new IndexProcess(id * 7, $"host:{id}", [], default))];

    [Fact]
    public void Everybody_comes_to_the_same_order_and_ranges_are_spread()
    {
        int[] firsts = new int[40];
        for (int range = 0; range < 256; range++)
        {
            Assert.Equal(RangeOwners.Ranked(range, Five).Select(process => process.Id), RangeOwners.Ranked(range, Five.Reverse()).Select(process => process.Id));
            firsts[RangeOwners.Ranked(range, Five)[0].Id]++;
        }

        Assert.All(Five, process => Assert.InRange(firsts[process.Id], 25, 80));
    }

    [Fact]
    public void Who_goes_moves_its_own_ranges_only_and_to_the_next_in_their_order()
    {
        for (int range = 0; range < 256; range++)
        {
            IReadOnlyList<IndexProcess> before = RangeOwners.Ranked(range, Five);
            IReadOnlyList<IndexProcess> after = RangeOwners.Ranked(range, Five.Skip(1));
            Assert.Equal(before.Where(process => process != Five[0]), after);
        }
    }
}
