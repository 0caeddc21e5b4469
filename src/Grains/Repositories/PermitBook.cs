using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Actors.Grains.ForgeHosts;

namespace Actors.Grains.Repositories;

/// <summary>
/// Permits on their way from a silo's worker to the visit that uses them, in the same silo. Who takes one gives it back: the
/// visit when the host has answered, or the worker where no visit was begun.
/// </summary>
internal sealed class PermitBook
{
    private readonly ConcurrentDictionary<long, HeldPermit> _held = new();
    private long _last;

    /// <summary>Writes a permit down; the number goes with the order.</summary>
    public long Add(in HeldPermit permit)
    {
        long number = Interlocked.Increment(ref _last);
        _held[number] = permit;
        return number;
    }

    /// <summary>Takes it, once.</summary>
    public bool TryTake(long number, [MaybeNullWhen(false)] out HeldPermit permit) => _held.TryRemove(number, out permit);
}
