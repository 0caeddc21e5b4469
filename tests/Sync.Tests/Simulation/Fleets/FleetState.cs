namespace Actors.Sync.Tests.Simulation.Fleets;

/// <summary>What a name shows from some time on: refs, or where it went, or nothing.</summary>
/// <param name="At">From when.</param>
/// <param name="Refs">A repository; null: none is there.</param>
/// <param name="MovedTo">Where it redirects to for good.</param>
internal sealed record FleetState(DateTimeOffset At, FleetRefs? Refs, FleetName? MovedTo);
