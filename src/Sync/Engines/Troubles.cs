using Actors.Store.Heads;
using Actors.Sync.Repositories;

namespace Actors.Sync.Engines;

/// <summary>Syncs of the last hours that an operator should look at: failures and slow ones, at most <see cref="Limits.TroublesMax"/> of each. Thread-safe.</summary>
internal sealed class Troubles(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Queue<(DateTimeOffset At, SyncReport Report)> _failed = new();
    private readonly PriorityQueue<(DateTimeOffset At, SyncReport Report), long> _slow = new();

    public void Add(SyncReport report)
    {
        DateTimeOffset now = clock.GetUtcNow();
        lock (_gate)
        {
            if (!report.Outcome.IsSuccess())
            {
                _failed.Enqueue((now, report));
                if (_failed.Count > Limits.TroublesMax)
                {
                    _failed.Dequeue();
                }
            }

            if (_slow.Count < Limits.TroublesMax)
            {
                _slow.Enqueue((now, report), report.ElapsedMs);
            }
            else if (_slow.TryPeek(out (DateTimeOffset At, SyncReport Report) quickest, out long elapsed) && (report.ElapsedMs > elapsed || quickest.At < now - Limits.TroublesPeriod))
            {
                _slow.DequeueEnqueue((now, report), report.ElapsedMs);
            }
        }
    }

    /// <summary>The last failure first, and the longest sync first.</summary>
    public (IReadOnlyList<SyncReport> Failed, IReadOnlyList<SyncReport> Slowest) List(int max)
    {
        DateTimeOffset since = clock.GetUtcNow() - Limits.TroublesPeriod;
        lock (_gate)
        {
            return (
                [.. _failed.Reverse().TakeWhile(failed => failed.At >= since).Take(max).Select(failed => failed.Report)],
                [.. _slow.UnorderedItems.Where(slow => slow.Element.At >= since).OrderByDescending(slow => slow.Priority).Take(max).Select(slow => slow.Element.Report)]);
        }
    }
}
