using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Schedules;
using Actors.Sync.Schedules;
using Actors.TestKit.Clocks;
using Xunit;

namespace Actors.Sync.Tests.Schedules;

public sealed class ScheduleGaugeTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly CountedSchedule _schedule = new();

    [Fact]
    public async Task Whoever_asks_how_often_the_schedule_is_read_once_until_it_is_old()
    {
        ScheduleGauge gauge = new(_schedule, _clock) { Watch = () => new WatchView { StartedAt = _clock.GetUtcNow(), VisitsADay = 2 } };
        for (int asked = 0; asked < 100; asked++)
        {
            ScheduleView view = (await gauge.ReadAsync(CancellationToken.None))!;
            Assert.Equal((1, 2.0), (view.Figures.Repositories, view.Watch!.VisitsADay));
        }

        Assert.Equal(1, _schedule.Readings);
        _clock.Advance(Limits.GaugeAgeMin);
        Task read = _schedule.NextReadingAsync();

        // The old figures at once; the new ones for who comes after.
        Assert.Equal(_clock.GetUtcNow() - Limits.GaugeAgeMin, (await gauge.ReadAsync(CancellationToken.None))!.ReadAt);
        await read;
        Assert.Equal(2, _schedule.Readings);
    }

    [Fact]
    public async Task What_is_slow_to_read_is_read_more_rarely()
    {
        _schedule.OnRead = () => _clock.Advance(TimeSpan.FromSeconds(2));
        ScheduleGauge gauge = new(_schedule, _clock);
        await gauge.ReadAsync(CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(2 * Limits.GaugeAgeFactor) - TimeSpan.FromTicks(1));
        await gauge.ReadAsync(CancellationToken.None);
        Assert.Equal(1, _schedule.Readings);
        _clock.Advance(TimeSpan.FromTicks(1));
        Task read = _schedule.NextReadingAsync();
        await gauge.ReadAsync(CancellationToken.None);
        await read;
    }

    [Fact]
    public async Task A_database_that_fails_is_told_once_and_not_asked_by_everybody()
    {
        ScheduleGauge gauge = new(_schedule, _clock);
        _schedule.OnRead = () => throw new HeadStoreException("heads", "It is away.");
        await Assert.ThrowsAsync<HeadStoreException>(async () => await gauge.ReadAsync(CancellationToken.None));
        Assert.Null(await gauge.ReadAsync(CancellationToken.None));
        Assert.Equal(1, _schedule.Readings);
        _schedule.OnRead = null;
        _clock.Advance(Limits.GaugeAgeMin);
        Assert.NotNull(await gauge.ReadAsync(CancellationToken.None));
    }

    /// <summary>A schedule of one repository that counts how often its figures are read.</summary>
    private sealed class CountedSchedule : IScheduleStore
    {
        private readonly IScheduleStore _memory = new MemoryHeadStore();
        private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _readings;

        public CountedSchedule() =>
            _memory.AddScheduledAsync([ScheduleRule.New(RepositoryUrl.Parse("https://a.example/1"), DateTimeOffset.UnixEpoch)], CancellationToken.None).AsTask().GetAwaiter().GetResult();

        public int Readings => Volatile.Read(ref _readings);

        public Action? OnRead { get; set; }

        public Task NextReadingAsync() => (_next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public async ValueTask<IReadOnlyList<ScheduleFigures>> ReadScheduleFiguresAsync(DateTimeOffset now, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _readings);
            OnRead?.Invoke();
            IReadOnlyList<ScheduleFigures> figures = await _memory.ReadScheduleFiguresAsync(now, cancellationToken);
            _next.TrySetResult();
            return figures;
        }

        public ValueTask<IReadOnlyList<ScheduledVisit>> SampleScheduledAsync(int most, CancellationToken cancellationToken) => _memory.SampleScheduledAsync(most, cancellationToken);

        public ValueTask AddScheduledAsync(IReadOnlyList<ScheduledVisit> visits, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask SaveScheduledAsync(IReadOnlyList<ScheduledVisit> visits, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<ScheduledVisit?>> FindScheduledAsync(IReadOnlyList<RepositoryUrl> urls, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<ScheduledVisit>> TakeDueAsync(ScheduleQueue queue, DateTimeOffset now, DateTimeOffset lostAt, int most, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
