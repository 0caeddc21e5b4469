using Actors.Store.Heads;

namespace Actors.Sync.Tests.Simulation.Fleets;

/// <summary>One visit to a simulated repository, and what happened to it.</summary>
internal sealed class FleetVisit(DateTimeOffset begunAt)
{
    private int _mayEnd;

    public DateTimeOffset BegunAt { get; } = begunAt;

    public bool IsOver { get; set; }

    /// <summary>Something happened that this outcome is the right word for.</summary>
    public void Suffer(Outcome outcome) => _mayEnd |= 1 << (int)outcome;

    public bool MayEnd(Outcome outcome) => (_mayEnd & (1 << (int)outcome)) != 0;
}
