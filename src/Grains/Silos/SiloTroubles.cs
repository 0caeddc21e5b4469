using Actors.Store.Heads;
using Actors.Sync.Repositories;

namespace Actors.Grains.Silos;

/// <summary>The failures and the slowest visits of a silo of late, a few of each. Safe for concurrent calls.</summary>
internal sealed class SiloTroubles
{
    private readonly Lock _gate = new();
    private readonly Queue<SyncReport> _failed = new();
    private readonly PriorityQueue<SyncReport, long> _slowest = new();

    /// <summary>Looks at an ended visit.</summary>
    public void Add(SyncReport report)
    {
        if (report.Outcome.IsSuccess() && report.ElapsedMs < Limits.SlowMillisecondsMin)
        {
            return;
        }

        lock (_gate)
        {
            if (!report.Outcome.IsSuccess())
            {
                _failed.Enqueue(report);
                if (_failed.Count > Limits.TroublesMax)
                {
                    _failed.Dequeue();
                }
            }

            if (report.ElapsedMs >= Limits.SlowMillisecondsMin)
            {
                _slowest.Enqueue(report, report.ElapsedMs);
                if (_slowest.Count > Limits.TroublesMax)
                {
                    _slowest.Dequeue();
                }
            }
        }
    }

    public SiloTroublesReport Read(int max)
    {
        lock (_gate)
        {
            return new SiloTroublesReport
            {
                Failed = [.. _failed.Reverse().Take(max)],
                Slowest = [.. _slowest.UnorderedItems.OrderByDescending(s => s.Priority).Select(s => s.Element).Take(max)],
            };
        }
    }
}
