using System.Collections.Concurrent;

namespace Actors.Git.Transport;

/// <summary>Keeps deadlines for reuse: as many as exchanges run at once.</summary>
internal sealed class DeadlinePool(TimeProvider clock)
{
    private readonly ConcurrentQueue<Deadline> _free = new();

    public TimeProvider Clock => clock;

    /// <summary>A deadline for one exchange; disposing gives it back.</summary>
    public Deadline Rent(TimeSpan idle, TimeSpan total, CancellationToken caller)
    {
        Deadline deadline = _free.TryDequeue(out Deadline? free) ? free : new Deadline(this);
        deadline.Start(idle, total, caller);
        return deadline;
    }

    internal CancellationTokenSource CreateSource() => new(Timeout.InfiniteTimeSpan, clock);

    internal void Return(Deadline deadline)
    {
        if (deadline.TryReset())
        {
            _free.Enqueue(deadline);
        }
    }
}
