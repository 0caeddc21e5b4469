namespace Actors.TestKit.Schedules;

/// <summary>
/// Intervals by a factor: nothing found, the next one is so many times longer; something found, so many times shorter. With a
/// factor of one: round robin.
/// </summary>
public sealed class PeriodicPolicy(double factor, double daysMin, double daysMax) : IVisitPolicy
{
    private readonly List<double> _intervals = [];
    private readonly PriorityQueue<int, double> _due = new();

    public void Added(int repository, double day, bool visited)
    {
        _intervals.Add(Math.Sqrt(daysMin * daysMax));
        _due.Enqueue(repository, visited ? day + _intervals[repository] : double.NegativeInfinity);
    }

    public void Listed(int repository, double day, double updatedDay)
    {
        // Does not listen.
    }

    public void Visited(int repository, double day, bool changed)
    {
        _intervals[repository] = Math.Clamp(_intervals[repository] * (changed ? 1 / factor : factor), daysMin, daysMax);
        _due.Enqueue(repository, day + _intervals[repository]);
    }

    public void Pick(double day, int count, List<int> picked)
    {
        while (picked.Count < count && _due.TryDequeue(out int repository, out _))
        {
            picked.Add(repository);
        }
    }
}
