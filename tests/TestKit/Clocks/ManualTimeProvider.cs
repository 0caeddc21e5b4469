namespace Actors.TestKit.Clocks;

/// <summary>
/// A clock that stands still until a test moves it. Timers fire on the thread that moves the clock, in order of their
/// times, each at its own time. <see cref="NextTimer"/> tells a driver how far it may go without missing one.
/// </summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly SortedSet<ManualTimer> _timers = new(ManualTimer.ByTime);
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiting = [];
    private DateTimeOffset _now;
    private long _timerNumbers;

    /// <summary>A clock that shows the given time; without one, 2026-01-01 00:00 UTC.</summary>
    public ManualTimeProvider(DateTimeOffset? start = null) => _now = start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The time of the timer that fires next, or null.</summary>
    public DateTimeOffset? NextTimer
    {
        get
        {
            lock (_lock)
            {
                return _timers.Min?.DueAt;
            }
        }
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

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

    /// <summary>Moves the clock, firing every timer on the way.</summary>
    public void Advance(TimeSpan by) => AdvanceTo(GetUtcNow() + by);

    /// <summary>Moves the clock to the next timer and fires it; false when there is none.</summary>
    public bool AdvanceToNextTimer()
    {
        if (NextTimer is not { } next)
        {
            return false;
        }

        AdvanceTo(next);
        return true;
    }

    /// <summary>Moves the clock to a time not before now, firing every timer on the way.</summary>
    public void AdvanceTo(DateTimeOffset time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, GetUtcNow());
        while (true)
        {
            ManualTimer timer;
            lock (_lock)
            {
                if (_timers.Min is not { } first || first.DueAt > time)
                {
                    // Another driver may have moved it further meanwhile: no clock goes back.
                    _now = time > _now ? time : _now;
                    return;
                }

                timer = first;
                _timers.Remove(timer);
                _now = timer.DueAt > _now ? timer.DueAt : _now;
                if (timer.Period > TimeSpan.Zero)
                {
                    timer.DueAt = _now + timer.Period;
                    _timers.Add(timer);
                }
            }

            timer.Fire();
        }
    }

    /// <summary>Ends when at least <paramref name="count"/> timers are armed: the code under test waits for the clock. Never on a thread that arms one.</summary>
    public Task WhenTimersAsync(int count)
    {
        lock (_lock)
        {
            if (_timers.Count >= count)
            {
                return Task.CompletedTask;
            }

            TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((count, reached));
            return reached.Task;
        }
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ManualTimer timer = new(this, callback, state, Interlocked.Increment(ref _timerNumbers));
        timer.Change(dueTime, period);
        return timer;
    }

    internal void Arm(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            _timers.Remove(timer);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                timer.DueAt = _now + dueTime;
                timer.Period = period;
                _timers.Add(timer);
            }

            foreach ((_, TaskCompletionSource reached) in _waiting.Where(w => _timers.Count >= w.Count))
            {
                reached.SetResult();
            }

            _waiting.RemoveAll(w => w.Reached.Task.IsCompleted);
        }
    }
}
