using Actors.Git.Remotes;
using Actors.Store.Heads;

namespace Actors.Sync.Tests.Simulation.Fleets;

/// <summary>A URL of a simulated forge, and all that it has ever shown.</summary>
internal sealed class FleetName(RepositoryUrl url, FleetHost host)
{
    private readonly List<FleetState> _states = [];
    private readonly List<FleetVisit> _led = [];

    public RepositoryUrl Url { get; } = url;

    public FleetHost Host { get; } = host;

    public FleetState Now => _states[^1];

    /// <summary>Which visit runs, or null.</summary>
    public FleetVisit? Visit { get; set; }

    /// <summary>The visit that runs here goes on there, where it was redirected to.</summary>
    public void Lead(FleetName name)
    {
        if (name != this && Visit is { } visit)
        {
            name._led.RemoveAll(led => led.IsOver);
            name._led.Add(visit);
        }
    }

    /// <summary>What befalls a request here befalls the visit that runs here, and those that were led here.</summary>
    public void Suffer(Outcome outcome)
    {
        Visit?.Suffer(outcome);
        _led.ForEach(visit => visit.Suffer(outcome));
    }

    public void Show(FleetState state) => _states.Add(state);

    /// <summary>Where requests end up now: here, or where redirects lead.</summary>
    public FleetName Resolve()
    {
        FleetName name = this;
        for (int hops = 0; name.Now.MovedTo is { } next && hops < 5; hops++)
        {
            name = next;
        }

        return name;
    }

    /// <summary>Whether a visit that began then may have seen these heads.</summary>
    public bool MayHaveShown(SnapshotId snapshot, DateTimeOffset since) =>
        Since(since).Any(state => state.Refs is { } refs ? refs.Snapshot == snapshot : state.MovedTo?.MayHaveShown(snapshot, since) == true);

    /// <summary>Whether there may have been no repository for a visit that began then.</summary>
    public bool MayHaveBeenGone(DateTimeOffset since) => Since(since).Any(state => state.MovedTo is null ? state.Refs is null : state.MovedTo.MayHaveBeenGone(since));

    private IEnumerable<FleetState> Since(DateTimeOffset since)
    {
        for (int place = _states.Count - 1; place >= 0; place--)
        {
            yield return _states[place];
            if (_states[place].At <= since)
            {
                yield break;
            }
        }
    }
}
