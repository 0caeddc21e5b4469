using Actors.Sync.Campaigns;
using Xunit;

namespace Actors.Sync.Tests.Campaigns;

public sealed class LineTallyTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public void Position_is_the_line_before_the_first_that_is_not_done(long start)
    {
        for (int seed = 0; seed < 50; seed++)
        {
            Random random = new(seed);
            LineTally tally = new(start);
            int lines = random.Next(1, 3000);
            long[] order = [.. Enumerable.Range(1, lines).Select(line => start + line).OrderBy(line => line + random.Next(1 << random.Next(13)))];
            SortedSet<long> left = [.. order];
            foreach (long line in order)
            {
                tally.Mark(line);
                left.Remove(line);
                Assert.Equal(left.Count == 0 ? start + lines : left.Min - 1, tally.LinesDone);
            }
        }
    }

    [Fact]
    public void Slow_first_line_costs_one_bit_for_each_line_behind_it()
    {
        LineTally tally = new(0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (long line = 2; line <= 10_000_000; line++)
        {
            tally.Mark(line);
        }

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 5_000_000);
        Assert.Equal(0, tally.LinesDone);
        tally.Mark(1);
        Assert.Equal(10_000_000, tally.LinesDone);
    }
}
