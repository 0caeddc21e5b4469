using Actors.Git.Remotes;

namespace Actors.Sync.Schedules;

/// <summary>
/// What is due and waits, by forge host: hosts take turns, one turn at a time each; hosts with few lines share one. Not safe for
/// concurrent calls.
/// </summary>
internal sealed class DueLanes
{
    private readonly Dictionary<ForgeHost, Queue<RepositoryUrl>> _lanes = [];
    private readonly Queue<ForgeHost> _order = [];
    private readonly HashSet<ForgeHost> _busy = [];

    /// <summary>Lines that wait.</summary>
    public int Waiting { get; private set; }

    public void Add(RepositoryUrl url)
    {
        if (!_lanes.TryGetValue(url.Host, out Queue<RepositoryUrl>? lane))
        {
            _lanes.Add(url.Host, lane = []);
            if (!_busy.Contains(url.Host))
            {
                _order.Enqueue(url.Host);
            }
        }

        lane.Enqueue(url);
        Waiting++;
    }

    /// <summary>Lines to work now: some of one host, or those of several that have few. Empty: nothing waits whose host is not at work.</summary>
    public IReadOnlyList<RepositoryUrl> TakeTurn()
    {
        List<RepositoryUrl> lines = [];
        while (_order.TryPeek(out ForgeHost host) && (lines.Count == 0 || (lines.Count < Limits.SharedTurnLines && _lanes[host].Count <= Limits.RareHostLines)))
        {
            bool isRare = _lanes[host].Count <= Limits.RareHostLines;
            _order.Dequeue();
            _busy.Add(host);
            Take(host, Limits.TurnLines, lines);
            if (!isRare)
            {
                break;
            }
        }

        return lines;
    }

    /// <summary>A turn has ended: its hosts may have another.</summary>
    public void EndTurn(IEnumerable<ForgeHost> hosts)
    {
        foreach (ForgeHost host in hosts)
        {
            if (_busy.Remove(host) && _lanes.ContainsKey(host))
            {
                _order.Enqueue(host);
            }
        }
    }

    /// <summary>Takes out all that waits of a host at work.</summary>
    public IReadOnlyList<RepositoryUrl> Clear(ForgeHost host)
    {
        List<RepositoryUrl> lines = [];
        Take(host, int.MaxValue, lines);
        return lines;
    }

    private void Take(ForgeHost host, int most, List<RepositoryUrl> lines)
    {
        if (!_lanes.TryGetValue(host, out Queue<RepositoryUrl>? lane))
        {
            return;
        }

        for (int taken = 0; taken < most && lane.TryDequeue(out RepositoryUrl url); taken++)
        {
            lines.Add(url);
            Waiting--;
        }

        if (lane.Count == 0)
        {
            _lanes.Remove(host);
        }
    }
}
