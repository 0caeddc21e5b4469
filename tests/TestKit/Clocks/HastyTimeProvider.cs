namespace Actors.TestKit.Clocks;

/// <summary>
/// A clock on which every wait of less than a day is over at once, and the time has passed: for code that waits between real requests. Longer timers (deadlines
/// of what a real server does) never fire. Safe for concurrent use.
/// </summary>
public sealed class HastyTimeProvider : TimeProvider
{
    private static readonly TimeSpan Never = TimeSpan.FromDays(1);
    private readonly Lock _lock = new();
    private readonly List<TimeSpan> _waits = [];
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>All waits so far, in order.</summary>
    public IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (_lock)
            {
                return [.. _waits];
            }
        }
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        HastyTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    internal bool Pass(TimeSpan wait)
    {
        if (wait < TimeSpan.Zero || wait >= Never)
        {
            return false;
        }

        lock (_lock)
        {
            _waits.Add(wait);
            _now += wait;
        }

        return true;
    }
}
