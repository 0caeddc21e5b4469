namespace Actors.TestKit.Clocks;

/// <summary>A timer of a <see cref="ManualTimeProvider"/>.</summary>
internal sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state, long number) : ITimer
{
    private bool _disposed;

    /// <summary>By time, then by age: two timers of the same time fire in the order in which they were made.</summary>
    public static Comparer<ManualTimer> ByTime { get; } = Comparer<ManualTimer>.Create(
        (left, right) => (left.DueAt, left.Number).CompareTo((right.DueAt, right.Number)));

    public DateTimeOffset DueAt { get; set; }

    public TimeSpan Period { get; set; }

    private long Number { get; } = number;

    public void Fire() => callback(state);

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_disposed)
        {
            return false;
        }

        // A due time of zero waits for the next move of the clock, even one of zero: nothing fires behind the driver's back.
        clock.Arm(this, dueTime, period);
        return true;
    }

    public void Dispose()
    {
        _disposed = true;
        clock.Arm(this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
