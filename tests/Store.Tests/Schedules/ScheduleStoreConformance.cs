using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Schedules;
using Xunit;
using static Actors.Store.Tests.Heads.HeadExamples;

namespace Actors.Store.Tests.Schedules;

/// <summary>What every schedule does. Each test gets an empty one.</summary>
public abstract class ScheduleStoreConformance : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    protected abstract IHeadStore Heads { get; }

    private IScheduleStore Schedule => (IScheduleStore)Heads;

    public abstract ValueTask DisposeAsync();

    /// <summary>Closes the store and opens what it kept; a store without memory stays as it is.</summary>
    protected abstract ValueTask ReopenAsync();

    [Fact]
    public async Task What_was_saved_is_found_after_reopening_whether_it_was_visited_or_not()
    {
        await Heads.RecordAsync([Visit(1, Outcome.Gone, 5)], None);
        ScheduledVisit[] visits =
        [
            At(1, 3) with { Queue = ScheduleQueue.Failing },
            At(2, 5) with { ObservedAt = Begin, ToldAt = Begin.AddDays(1), ListedAt = Begin.AddDays(2), Shape = 0.123f, ExposureDays = 4567.5f },
        ];
        await Schedule.SaveScheduledAsync(visits, None);
        await ReopenAsync();
        Assert.Equal([visits[1], null, visits[0]], await Schedule.FindScheduledAsync([Url(2), Url(3), Url(1)], None));
        await Schedule.SaveScheduledAsync([At(1, 9), visits[1] with { Shape = 2 }, visits[1]], None);
        Assert.Equal([At(1, 9), visits[1]], await Schedule.FindScheduledAsync([Url(1), Url(2)], None));
        Assert.Equal(Outcome.Gone, (await Heads.FindAsync([Url(1)], None))[0]!.Outcome);
    }

    [Fact]
    public async Task Adding_leaves_what_is_scheduled()
    {
        await Schedule.AddScheduledAsync([At(1, 3), At(1, 4)], None);
        await Schedule.AddScheduledAsync([At(1, 8), At(2, 8)], None);
        Assert.Equal([At(1, 3), At(2, 8)], await Schedule.FindScheduledAsync([Url(1), Url(2)], None));
    }

    [Fact]
    public async Task Due_ones_are_taken_once_earliest_first_and_are_due_again_when_lost()
    {
        await Schedule.SaveScheduledAsync([At(1, 3), At(2, 1), At(3, 2), At(4, 9), At(5, 1) with { Queue = ScheduleQueue.First }], None);
        Assert.Equal([At(2, 1), At(3, 2)], await TakeAsync(ScheduleQueue.Known, 5, 2));
        Assert.Equal([At(1, 3)], await TakeAsync(ScheduleQueue.Known, 5, 10));
        Assert.Empty(await TakeAsync(ScheduleQueue.Known, 5, 10));
        Assert.Equal([At(5, 1) with { Queue = ScheduleQueue.First }], await TakeAsync(ScheduleQueue.First, 5, 10));
        await ReopenAsync();
        IReadOnlyList<ScheduledVisit> again = await TakeAsync(ScheduleQueue.Known, 200, 10);
        Assert.Equal((4, Url(4)), (again.Count, again[0].Url));
        Assert.All(again.Skip(1), visit => Assert.Equal(Begin.AddDays(100), visit.DueAt));
    }

    [Fact]
    public async Task Callers_at_the_same_time_never_take_the_same()
    {
        await Schedule.SaveScheduledAsync([.. Enumerable.Range(0, 300).Select(i => At(i, 1))], None);
        IReadOnlyList<ScheduledVisit>[] taken = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(async _ => await Schedule.TakeDueAsync(ScheduleQueue.Known, Begin.AddDays(2), Begin.AddDays(100), 30, None)));
        Assert.Equal(240, taken.SelectMany(some => some).Select(visit => visit.Url).Distinct().Count());
    }

    [Fact]
    public async Task Figures_tell_each_queue_and_a_sample_is_of_what_is_there()
    {
        Assert.Empty(await Schedule.ReadScheduleFiguresAsync(Begin, None));
        Assert.Empty(await Schedule.SampleScheduledAsync(10, None));
        await Schedule.SaveScheduledAsync([At(1, 3), At(2, 1), At(3, 7) with { Queue = ScheduleQueue.Failing }], None);
        Assert.Equal(
            [new(ScheduleQueue.Known, 2, 1, Begin.AddDays(1)), new(ScheduleQueue.Failing, 1, 0, Begin.AddDays(7))],
            await Schedule.ReadScheduleFiguresAsync(Begin.AddDays(2), None));
        Assert.Equal([Url(1), Url(2), Url(3)], (await Schedule.SampleScheduledAsync(10, None)).Select(visit => visit.Url).OrderBy(url => url.ToString(), StringComparer.Ordinal));
        Assert.Equal(2, (await Schedule.SampleScheduledAsync(2, None)).DistinctBy(visit => visit.Url).Count());
    }

    [Fact]
    public async Task An_estimate_that_cannot_be_writes_nothing()
    {
        await Assert.ThrowsAsync<ArgumentException>(async () => await Schedule.SaveScheduledAsync([At(1, 1), At(2, 1) with { Shape = float.NaN }], None));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Schedule.AddScheduledAsync([At(1, 1) with { Queue = 0 }], None));
        Assert.Equal([null], await Schedule.FindScheduledAsync([Url(1)], None));
    }

    private static ScheduledVisit At(int number, double day) =>
        new() { Url = Url(number), Queue = ScheduleQueue.Known, DueAt = Begin.AddDays(day), Shape = 1, ExposureDays = 2 };

    private ValueTask<IReadOnlyList<ScheduledVisit>> TakeAsync(ScheduleQueue queue, double day, int most) =>
        Schedule.TakeDueAsync(queue, Begin.AddDays(day), Begin.AddDays(100), most, None);
}
