using System.Security.Cryptography;
using Actors.Store.Compaction;
using Actors.Store.Packs;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Store.Tests.Compaction;

public sealed class CompactionPlanTests
{
    private const long NoLimit = long.MaxValue;

    [Theory]
    [InlineData(new long[] { }, new long[] { })]
    [InlineData(new long[] { 100 }, new long[] { })]
    [InlineData(new long[] { 100, 200, 400 }, new long[] { })]
    [InlineData(new long[] { 100, 100 }, new long[] { 100, 100 })]
    [InlineData(new long[] { 100, 199, 1000 }, new long[] { 199, 100 })]
    [InlineData(new long[] { 100, 199, 500, 5000 }, new long[] { 500, 199, 100 })]
    [InlineData(new long[] { 1, 1, 1, 1000 }, new long[] { 1, 1, 1 })]
    [InlineData(new long[] { 1, 2, 700, 1000 }, new long[] { 1000, 700, 2, 1 })]
    public void Smallest_packs_out_of_order_are_merged_the_largest_first(long[] sizes, long[] merged)
    {
        Dictionary<Oid, long> packs = Packs(sizes);
        Assert.Equal(merged, CompactionPlan.Geometric(Sizes(packs), NoLimit, mergedAtOnce: 2).Select(pack => packs[pack]));
    }

    [Fact]
    public void Few_packs_wait_for_more()
    {
        Assert.Empty(CompactionPlan.Geometric(Sizes(Packs([10, 10, 10])), NoLimit, mergedAtOnce: 4));
        Assert.Equal(4, CompactionPlan.Geometric(Sizes(Packs([10, 10, 10, 10])), NoLimit, mergedAtOnce: 4).Count);
    }

    [Fact]
    public void Packs_of_full_size_stay_and_none_larger_is_made()
    {
        Dictionary<Oid, long> packs = Packs([1000, 1000, 400, 400, 400, 400]);
        Assert.Equal([400, 400], CompactionPlan.Geometric(Sizes(packs), 1000, mergedAtOnce: 2).Select(pack => packs[pack]));
        Assert.Equal([[400, 400], [400, 400]], CompactionPlan.Full(Sizes(packs), 1000).Select(group => group.Select(pack => packs[pack])));
    }

    [Fact]
    public void Full_compaction_of_one_pack_has_nothing_to_do() => Assert.Empty(CompactionPlan.Full(Sizes(Packs([1000])), NoLimit));

    [Fact]
    public void Any_ingests_leave_few_packs_and_each_byte_is_written_few_times() => Prop.ForAll(
        Gen.Choose(1, 1_000_000).Select(size => (long)size).ListOf(500).ToArbitrary(),
        ingests =>
        {
            var packs = new List<long>();
            long written = 0;
            foreach (long size in ingests)
            {
                packs.Add(size);
                Dictionary<Oid, long> named = Packs([.. packs]);
                IReadOnlyList<Oid> merged = CompactionPlan.Geometric(Sizes(named), NoLimit, mergedAtOnce: 16);
                if (merged.Count > 0)
                {
                    long sum = merged.Sum(pack => named[pack]);
                    written += sum;
                    packs = [.. named.Where(pack => !merged.Contains(pack.Key)).Select(pack => pack.Value), sum];
                }
            }

            return packs.Count <= 50 && written <= ingests.Sum() * 12;
        }).QuickCheckThrowOnFailure();

    private static Dictionary<Oid, long> Packs(long[] sizes) =>
        sizes.Select((size, i) => (Name: Oid.FromBytes(SHA1.HashData(BitConverter.GetBytes(i))), size)).ToDictionary(one => one.Name, one => one.size);

    private static IEnumerable<PackSize> Sizes(Dictionary<Oid, long> packs) => packs.Select(pack => new PackSize(pack.Key, pack.Value, 0));
}
