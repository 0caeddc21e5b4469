using Actors.Git.Objects;
using Actors.Store.Index;
using Xunit;

namespace Actors.Store.Tests.Index;

public sealed class ObjectIndexTests : IDisposable
{
    private readonly IndexDirectory _directory = new();
    private readonly Random _random = new(1);

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    [InlineData(5000)]
    [InlineData(100_000)]
    public void A_pack_is_found_before_and_after_flush_and_reopen(int count)
    {
        Oid pack = IndexDirectory.RandomOid(_random);
        Oid[] oids = IndexDirectory.RandomOids(_random, count);
        Oid[] others = IndexDirectory.RandomOids(_random, 1000);
        using (ObjectIndex index = _directory.Open())
        {
            index.AddPack(pack, oids);
            AssertHas(index, oids, pack, others);
            index.Flush();
            AssertHas(index, oids, pack, others);
            Assert.Equal([pack], index.Packs);
        }

        using ObjectIndex again = _directory.Open();
        Assert.Equal([pack], again.Packs);
        Assert.Equal(count, again.Count);
        AssertHas(again, oids, pack, others);
    }

    [Fact]
    public void Single_and_batch_look_ups_agree()
    {
        using ObjectIndex index = _directory.Open();
        var all = new List<Oid>();
        for (int pack = 0; pack < 40; pack++)
        {
            Oid[] oids = IndexDirectory.RandomOids(_random, _random.Next(1, 300));
            index.AddPack(IndexDirectory.RandomOid(_random), oids);
            all.AddRange(oids);
        }

        Assert.True(index.Runs > 1);
        Oid[] asked = [.. all.Concat(IndexDirectory.RandomOids(_random, all.Count)).OrderBy(_ => _random.Next())];
        bool[] present = new bool[asked.Length];
        int[] numbers = new int[asked.Length];
        index.Contains(asked, present);
        index.Locate(asked, numbers);
        for (int i = 0; i < asked.Length; i++)
        {
            Assert.Equal(present[i], index.TryLocate(asked[i], out Oid pack));
            Assert.Equal(present[i], numbers[i] >= 0);
            Assert.Equal(pack, present[i] ? index.PackOf(numbers[i]) : default);
        }

        Assert.Equal(all.Count, present.Count(one => one));
    }

    private static void AssertHas(ObjectIndex index, Oid[] oids, Oid pack, Oid[] others)
    {
        int[] numbers = new int[oids.Length];
        index.Locate(oids, numbers);
        Assert.All(numbers, number => Assert.Equal(pack, index.PackOf(number)));
        bool[] present = new bool[others.Length];
        index.Contains(others, present);
        Assert.DoesNotContain(true, present);
    }
}
