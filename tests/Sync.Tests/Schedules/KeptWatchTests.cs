using Actors.Store.Heads;
using Actors.Sync.Schedules;
using Actors.TestKit.Clocks;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Actors.Sync.Tests.Schedules;

public sealed class KeptWatchTests
{
    private readonly ManualTimeProvider _clock = new();

    public KeptWatchTests() => SynchronizationContext.SetSynchronizationContext(null);

    [Fact]
    public async Task What_fails_is_tried_again_ever_later_and_after_a_good_while_soon_again()
    {
        await using MemoryHeadStore heads = new();
        KeptWatch kept = new(new Watch(heads, heads, _clock, new WatchOptions()), _clock, NullLogger.Instance);
        List<TimeSpan> began = [];
        DateTimeOffset start = _clock.GetUtcNow();
        Task keeping = kept.KeepAsync(RunAsync, default);
        while (!keeping.IsCompleted)
        {
            Assert.Equal("away", kept.View.Failure);
            Assert.True(_clock.AdvanceToNextTimer());
        }

        // The third run goes on for two hours; the pause after it is the first one again.
        Assert.Equal([0, 1, 3, 3 + 120 + 1, 3 + 120 + 1 + 2], began.Select(at => (int)at.TotalMinutes));
        Assert.Null(kept.View.Failure);

        async Task RunAsync(CancellationToken cancellationToken)
        {
            began.Add(_clock.GetUtcNow() - start);
            if (began.Count == 3)
            {
                await Task.Delay(TimeSpan.FromHours(2), _clock, cancellationToken);
            }

            if (began.Count < 5)
            {
                throw new IOException("away");
            }

            kept.GoOn();
        }
    }

    [Fact]
    public async Task It_ends_quietly_when_it_is_cancelled_also_while_it_pauses()
    {
        await using MemoryHeadStore heads = new();
        KeptWatch kept = new(new Watch(heads, heads, _clock, new WatchOptions()), _clock, NullLogger.Instance);
        using CancellationTokenSource stop = new();
        Task keeping = kept.KeepAsync(_ => throw new IOException("away"), stop.Token);
        Assert.False(keeping.IsCompleted);
        await stop.CancelAsync();
        await keeping;
    }

    [Fact]
    public void Parts_of_one_watch_are_told_as_one()
    {
        DateTimeOffset first = _clock.GetUtcNow();
        WatchView one = new() { StartedAt = first.AddHours(1), VisitsADay = 0.5, Running = 2, Visits = 30, Found = 4, Told = 5 };
        WatchView other = new() { StartedAt = first, VisitsADay = 0.5, Running = 1, Visits = 3, Found = 1, Told = 0, Failure = "away" };
        Assert.Equal(new WatchView { StartedAt = first, VisitsADay = 0.5, Running = 3, Visits = 33, Found = 5, Told = 5, Failure = "away" }, WatchView.Join([one, other]));
        Assert.Null(WatchView.Join([]));
    }
}
