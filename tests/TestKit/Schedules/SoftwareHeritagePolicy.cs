namespace Actors.TestKit.Schedules;

/// <summary>
/// Software Heritage's scheduler (swh-scheduler, as of 2025): what its forge lists, by lag, and never-visited ones, 49 % each; 2 % by
/// a queue position with intervals of 1, 2, 4, 16, … 4^6 days. Twelve hours from one scheduling to the next. What a policy
/// does not use goes to the others, more generously than there.
/// </summary>
public sealed class SoftwareHeritagePolicy(int seed) : IVisitPolicy
{
    private const double CoolDownDays = 0.5;

    private readonly Random _random = new(seed);
    private readonly List<Origin> _origins = [];
    private readonly PriorityQueue<int, double> _byPosition = new();
    private readonly PriorityQueue<int, double> _byLag = new();
    private readonly Queue<int> _neverVisited = new();
    private readonly List<(int Repository, double Position)> _cooling = [];
    private double _queuePosition;
    private double _listedDay = -1;

    public void Added(int repository, double day, bool visited)
    {
        Origin origin = new() { SucceededAt = visited ? day : -1, ScheduledAt = visited ? day : -1, Position = visited ? day + Interval(4) : -1 };
        _origins.Add(origin);
        if (!visited)
        {
            _neverVisited.Enqueue(repository);
        }
        else
        {
            _byPosition.Enqueue(repository, origin.Position);
        }
    }

    public void Listed(int repository, double day, double updatedDay)
    {
        if (day != _listedDay)
        {
            (_listedDay, _) = (day, 0);
            _byLag.Clear();
        }

        Origin origin = _origins[repository];
        origin.IsListed = true;
        if (origin.SucceededAt >= 0 && updatedDay > origin.SucceededAt)
        {
            _byLag.Enqueue(repository, origin.SucceededAt - updatedDay);
        }
    }

    public void Visited(int repository, double day, bool changed)
    {
        Origin origin = _origins[repository];
        bool first = origin.SucceededAt < 0;
        origin.SucceededAt = day;
        if (origin.IsListed)
        {
            return;
        }

        if (!first)
        {
            origin.Offset = Math.Clamp(origin.Offset + (changed ? -2 : 1), 0, 10);
        }

        origin.Position = (origin.Position < 0 ? _queuePosition : origin.Position) + Interval(origin.Offset);
        _byPosition.Enqueue(repository, origin.Position);
    }

    public void Pick(double day, int count, List<int> picked)
    {
        Take(_neverVisited, day, (int)Math.Ceiling(count * 0.49), picked);
        TakeByLag(day, (int)Math.Ceiling(count * 0.98), picked);
        TakeByPosition(day, count, picked);
        TakeByLag(day, count, picked);
        Take(_neverVisited, day, count, picked);
    }

    private void Take(Queue<int> queue, double day, int until, List<int> picked)
    {
        while (picked.Count < until && queue.TryDequeue(out int repository))
        {
            Add(repository, day, picked);
        }
    }

    private void TakeByLag(double day, int until, List<int> picked)
    {
        while (picked.Count < until && _byLag.TryDequeue(out int repository, out _))
        {
            if (day - _origins[repository].ScheduledAt >= CoolDownDays)
            {
                Add(repository, day, picked);
            }
        }
    }

    private void TakeByPosition(double day, int until, List<int> picked)
    {
        _cooling.Clear();
        while (picked.Count < until && _byPosition.TryDequeue(out int repository, out double position))
        {
            Origin origin = _origins[repository];
            if (origin.IsListed)
            {
                // The forge tells: never visited blindly again.
                continue;
            }

            if (day - origin.ScheduledAt < CoolDownDays)
            {
                _cooling.Add((repository, position));
                continue;
            }

            _queuePosition = Math.Max(_queuePosition, position);
            Add(repository, day, picked);
        }

        foreach ((int repository, double position) in _cooling)
        {
            _byPosition.Enqueue(repository, position);
        }
    }

    private void Add(int repository, double day, List<int> picked)
    {
        _origins[repository].ScheduledAt = day;
        picked.Add(repository);
    }

    private double Interval(int offset) => (offset <= 1 ? 1 : offset <= 4 ? 2 : Math.Pow(4, offset - 4)) * (0.9 + (0.2 * _random.NextDouble()));

    private sealed class Origin
    {
        public double SucceededAt { get; set; }

        public double ScheduledAt { get; set; }

        public double Position { get; set; }

        public int Offset { get; set; } = 4;

        public bool IsListed { get; set; }
    }
}
