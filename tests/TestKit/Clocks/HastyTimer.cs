namespace Actors.TestKit.Clocks;

/// <summary>A timer of <see cref="HastyTimeProvider"/>.</summary>
internal sealed class HastyTimer(HastyTimeProvider clock, TimerCallback callback, object? state) : ITimer
{
    private volatile bool _disposed;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (!_disposed && clock.Pass(dueTime))
        {
            // Never on the thread that arms it, as with a real one.
            _ = ThreadPool.UnsafeQueueUserWorkItem(static timer => timer.Fire(), this, preferLocal: false);
        }

        return !_disposed;
    }

    public void Dispose() => _disposed = true;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Fire()
    {
        if (!_disposed)
        {
            callback(state);
        }
    }
}
