using System.Threading.Tasks.Sources;

namespace Actors.Sync.Engines;

/// <summary>Lets one loop sleep until another part of the campaign has something for it; reused without allocation. Each wait is woken exactly once.</summary>
internal sealed class Wakeup : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _core;

    /// <param name="inline">The sleeper goes on on the waker's own thread: for simulation.</param>
    public Wakeup(bool inline) => _core.RunContinuationsAsynchronously = !inline;

    public ValueTask WaitAsync() => new(this, _core.Version);

    /// <summary>Not under a lock.</summary>
    public void Wake() => _core.SetResult(true);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.GetResult(short token)
    {
        _core.GetResult(token);
        _core.Reset();
    }
}
