using Actors.Store.Postgres;
using Xunit;

namespace Actors.Store.Tests.Postgres;

public sealed class GroupQueueTests
{
    [Fact]
    public async Task What_waits_while_a_group_is_under_way_goes_together_up_to_its_weight()
    {
        List<string> groups = [];
        SemaphoreSlim begun = new(0);
        SemaphoreSlim goOn = new(0);
        await using (GroupQueue<string> queue = new(lanes: 1, weightMax: 3, item => item.Length, async group =>
        {
            groups.Add(string.Join(' ', group));
            begun.Release();
            await goOn.WaitAsync();
        }))
        {
            Assert.True(queue.TryAdd("a"));
            await begun.WaitAsync();
            // "bb" is not enough for a group, with "cccc" it is too much: an item is never cut.
            Assert.All((string[])["bb", "cccc", "d", "e", "f", "g"], item => Assert.True(queue.TryAdd(item)));
            goOn.Release(10);
        }

        Assert.Equal(["a", "bb cccc", "d e f", "g"], groups);
    }

    [Fact]
    public async Task What_waits_when_the_queue_is_closed_is_done_and_no_more_is_taken()
    {
        int done = 0;
        GroupQueue<string> queue = new(lanes: 2, weightMax: 1, _ => 1, group =>
        {
            Interlocked.Add(ref done, group.Count);
            return Task.CompletedTask;
        });
        for (int i = 0; i < 100; i++)
        {
            Assert.True(queue.TryAdd("x"));
        }

        await queue.DisposeAsync();
        Assert.Equal(100, done);
        Assert.False(queue.TryAdd("x"));
        await queue.DisposeAsync();
    }
}
