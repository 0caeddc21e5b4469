namespace Actors.Sync.Engines;

/// <summary>Wakes one loop after a period of each of its waits, and ends it at once when told to.</summary>
internal sealed class Heartbeat : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Wakeup _wakeup;
    private readonly TimeSpan _period;
    private readonly ITimer _timer;
    private bool _parked;
    private bool _ended;

    public Heartbeat(TimeProvider clock, TimeSpan period, bool inline)
    {
        (_period, _wakeup) = (period, new Wakeup(inline));
        _timer = clock.CreateTimer(static beat => ((Heartbeat)beat!).Wake(ends: false), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>After a period; false, at once: the loop ends.</summary>
    public async ValueTask<bool> NextAsync()
    {
        lock (_gate)
        {
            if (_ended)
            {
                return false;
            }

            _parked = true;
        }

        _timer.Change(_period, Timeout.InfiniteTimeSpan);
        await _wakeup.WaitAsync().ConfigureAwait(false);
        return !_ended;
    }

    public void End() => Wake(ends: true);

    public void Dispose() => _timer.Dispose();

    private void Wake(bool ends)
    {
        lock (_gate)
        {
            _ended |= ends;
            if (!_parked)
            {
                return;
            }

            _parked = false;
        }

        _wakeup.Wake();
    }
}
