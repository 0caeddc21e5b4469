using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Schedules;
using Actors.Sync.Schedules;
using Actors.TestKit.Schedules;

namespace Actors.Sync.Tests.Schedules;

/// <summary>Ours: <see cref="ScheduleRule"/>, <see cref="VisitPrice"/> and <see cref="QueueShares"/>, over queues in memory.</summary>
internal sealed class SchedulePolicy(double visitsADay) : IVisitPolicy
{
    private const int SampleMax = 1000;

    private static readonly DateTimeOffset Begin = DateTimeOffset.UnixEpoch;

    private readonly List<ScheduledVisit> _visits = [];
    private readonly PriorityQueue<int, DateTimeOffset> _known = new();
    private readonly Queue<int> _first = new();
    private readonly QueueShares _shares = new();
    private double _price = 0.5;
    private double _pricedDay = double.NegativeInfinity;

    public void Added(int repository, double day, bool visited)
    {
        DateTimeOffset now = At(day);
        ScheduledVisit visit = ScheduleRule.New(RepositoryUrl.Parse($"https://forge.example/{repository}"), now);
        _visits.Add(visit);
        if (visited)
        {
            Visited(repository, day, changed: true);
        }
        else
        {
            _first.Enqueue(repository);
        }
    }

    public void Listed(int repository, double day, double updatedDay) =>
        Put(repository, ScheduleRule.Listed(_visits[repository], At(day), At(updatedDay), _price));

    public void Visited(int repository, double day, bool changed)
    {
        ScheduledVisit visit = _visits[repository];
        Put(repository, ScheduleRule.After(visit, At(day), changed ? Outcome.Updated : Outcome.Unchanged, null, _price), always: true);
    }

    public void Pick(double day, int count, List<int> picked)
    {
        if (day - _pricedDay >= 7 && _visits.Count > 0)
        {
            _pricedDay = day;
            int step = Math.Max(1, _visits.Count / SampleMax);
            _price = VisitPrice.Find(Enumerable.Range(0, _visits.Count / step).Select(i => _visits[i * step]), visitsADay, At(day));
        }

        // In order of Queues: known, first, failing. All known ones count as due: the budget is always spent.
        int[] given = _shares.Divide(count, [_known.Count, _first.Count, 0]);
        while (given[1]-- > 0)
        {
            picked.Add(_first.Dequeue());
        }

        while (picked.Count < count && _known.TryDequeue(out int repository, out DateTimeOffset dueAt))
        {
            // Put again since, with another time: that entry counts.
            if (_visits[repository].DueAt == dueAt)
            {
                _visits[repository] = _visits[repository] with { DueAt = DateTimeOffset.MaxValue };
                picked.Add(repository);
            }
        }
    }

    private static DateTimeOffset At(double day) => Begin.AddDays(day);

    private void Put(int repository, ScheduledVisit visit, bool always = false)
    {
        bool moved = always || visit.DueAt != _visits[repository].DueAt;
        _visits[repository] = visit;
        if (moved && visit.Queue == ScheduleQueue.Known)
        {
            _known.Enqueue(repository, visit.DueAt);
        }
    }
}
