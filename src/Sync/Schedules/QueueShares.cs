using Actors.Store.Schedules;

namespace Actors.Sync.Schedules;

/// <summary>
/// Divides visits among the queues, so that a flood of new repositories cannot starve the known ones, nor these the new, nor
/// those that fail all others. What a queue does not need the others get. Shares that were not got are owed, within bounds.
/// </summary>
public sealed class QueueShares
{
    private static readonly (ScheduleQueue Queue, double Share)[] Shares =
        [(ScheduleQueue.Known, 0.6), (ScheduleQueue.First, 0.35), (ScheduleQueue.Failing, 0.05)];

    private readonly double[] _owed = new double[Shares.Length];

    /// <summary>Queues in the order in which they are asked.</summary>
    public static IEnumerable<ScheduleQueue> Queues => Shares.Select(share => share.Queue);

    /// <summary>How many visits each queue gets of so many, given how many are due in each.</summary>
    /// <param name="visits">To give.</param>
    /// <param name="due">In each queue, in the order of <see cref="Queues"/>.</param>
    public int[] Divide(int visits, IReadOnlyList<long> due)
    {
        ArgumentNullException.ThrowIfNull(due);
        int[] given = new int[Shares.Length];
        long left = Math.Min(visits, due.Sum());
        while (left-- > 0)
        {
            double waiting = 0;
            int best = -1;
            for (int queue = 0; queue < given.Length; queue++)
            {
                waiting += due[queue] > given[queue] ? Shares[queue].Share : 0;
            }

            for (int queue = 0; queue < given.Length; queue++)
            {
                if (due[queue] > given[queue])
                {
                    _owed[queue] += Shares[queue].Share / waiting;
                    best = best < 0 || _owed[queue] > _owed[best] ? queue : best;
                }
                else
                {
                    // Who wants nothing saves nothing up.
                    _owed[queue] = 0;
                }
            }

            _owed[best]--;
            given[best]++;
        }

        return given;
    }
}
