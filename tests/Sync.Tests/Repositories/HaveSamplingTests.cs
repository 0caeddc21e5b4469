using Actors.Sync.Repositories;
using Xunit;

namespace Actors.Sync.Tests.Repositories;

public sealed class HaveSamplingTests
{
    [Fact]
    public void Places_are_dense_near_the_head_and_sparse_far_from_it()
    {
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 19], HaveSampling.Spread(20));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    public void A_short_line_is_asked_for_whole(int length, int count) => Assert.Equal(count, HaveSampling.Spread(length).Count);

    [Fact]
    public void A_thousand_places_need_few_haves() => Assert.InRange(HaveSampling.Spread(1024).Count, 20, 30);

    [Fact]
    public void Three_rounds_find_any_place_of_a_line()
    {
        for (int first = 0; first < Limits.SampledLineLength; first++)
        {
            Assert.Equal(first, Search(first));
        }
    }

    /// <summary>The search as a sync makes it: the server has every place from <paramref name="first"/> on.</summary>
    private static int Search(int first)
    {
        int lacking = -1;
        int common = Limits.SampledLineLength;
        IReadOnlyList<int> asked = HaveSampling.Spread(Limits.SampledLineLength);
        for (int round = 0; round < Limits.BisectRoundsMax && asked.Count > 0; round++)
        {
            common = Math.Min(common, asked.Where(place => place >= first).DefaultIfEmpty(common).Min());
            lacking = Math.Max(lacking, asked.Where(place => place < first).DefaultIfEmpty(lacking).Max());
            asked = HaveSampling.Between(lacking, common);
        }

        return common;
    }
}
