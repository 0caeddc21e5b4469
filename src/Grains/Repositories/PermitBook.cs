using System.Collections.Concurrent;

namespace Actors.Grains.Repositories;

/// <summary>
/// Permits, and what is known of the repository, on their way from a silo's worker to the visit that uses them, in the same silo. Who takes
/// one gives its permit back: the visit when the host has answered, or the worker where no visit was begun.
/// </summary>
internal sealed class PermitBook
{
    private readonly ConcurrentDictionary<long, VisitPass> _held = new();
    private long _last;

    /// <summary>Writes it down; the number goes with the order.</summary>
    public long Add(in VisitPass pass)
    {
        long number = Interlocked.Increment(ref _last);
        _held[number] = pass;
        return number;
    }

    /// <summary>Takes it, once.</summary>
    public bool TryTake(long number, out VisitPass pass) => _held.TryRemove(number, out pass);
}
