namespace Actors.Sync.Engines;

/// <summary>Lets any number of readers wait until something has changed since they looked.</summary>
internal sealed class ChangeSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _next;

    /// <summary>Grows with each change. Read before what is looked at.</summary>
    public long Version { get; private set; }

    public void Set()
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            Version++;
            (waiting, _next) = (_next, null);
        }

        waiting?.SetResult();
    }

    /// <summary>Ends when there is a newer version; at once, where there is one already.</summary>
    public Task WaitAsync(long version, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (Version != version)
            {
                return Task.CompletedTask;
            }

            _next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _next.Task.WaitAsync(cancellationToken);
        }
    }
}
