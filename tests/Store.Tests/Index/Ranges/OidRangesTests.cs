using Actors.Store.Index.Ranges;
using Xunit;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Store.Tests.Index.Ranges;

public sealed class OidRangesTests
{
    [Fact]
    public void Every_oid_is_of_the_one_range_that_has_its_first_byte_and_ranges_are_in_order()
    {
        var random = new Random(5);
        for (int count = 1; count <= 256; count *= 2)
        {
            var ranges = new OidRanges(count);
            Assert.Equal(count, ranges.Count);
            Assert.Equal(0, ranges.FirstBytes(0).First);
            Assert.Equal(256, ranges.FirstBytes(count - 1).End);
            for (int range = 1; range < count; range++)
            {
                Assert.Equal(ranges.FirstBytes(range - 1).End, ranges.FirstBytes(range).First);
            }

            for (int first = 0; first < 256; first++)
            {
                byte[] bytes = new byte[Oid.Length];
                random.NextBytes(bytes);
                bytes[0] = (byte)first;
                (int least, int end) = ranges.FirstBytes(ranges.Of(Oid.FromBytes(bytes)));
                Assert.InRange(first, least, end - 1);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(-16)]
    [InlineData(512)]
    public void A_count_that_does_not_go_into_256_is_refused(int count) => Assert.Throws<ArgumentOutOfRangeException>(() => new OidRanges(count));

    [Theory]
    [InlineData(1, 0)]
    [InlineData(16, 1)]
    [InlineData(256, 3000)]
    public void A_partition_gives_each_range_its_oids_and_answers_in_the_batch_s_order(int count, int length)
    {
        var ranges = new OidRanges(count);
        var random = new Random(6);
        Oid[] oids = [.. Enumerable.Range(0, length).Select(_ => IndexDirectory.RandomOid(random))];
        using var partition = new OidPartition(ranges, oids);
        int next = 0;
        for (int range = 0; range < count; range++)
        {
            (int start, int slice) = partition.Slice(range);
            Assert.Equal(next, start);
            next += slice;
            for (int i = start; i < next; i++)
            {
                Assert.Equal(range, ranges.Of(partition.Oids.Span[i]));
                partition.Found.Span[i] = (long)(partition.Oids.Span[i].Prefix >> 1) * (i % 2 == 0 ? 1 : -1);
            }
        }

        Assert.Equal(length, next);
        long[] packs = new long[length];
        bool[] present = new bool[length];
        partition.CopyTo(packs);
        partition.CopyTo(present);
        Assert.Equal(oids.Select(oid => (long)(oid.Prefix >> 1)), packs.Select(Math.Abs));
        Assert.Equal(packs.Select(pack => pack >= 0), present);
    }
}
