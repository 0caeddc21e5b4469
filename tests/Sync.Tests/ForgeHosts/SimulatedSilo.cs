using Actors.Sync.ForgeHosts;

namespace Actors.Sync.Tests.ForgeHosts;

/// <summary>A silo in a <see cref="HostBudgetSimulation"/>.</summary>
internal sealed class SimulatedSilo(LeasedPermits permits, long clock)
{
    public LeasedPermits Permits { get; } = permits;

    /// <summary>Its clock's distance from the true time.</summary>
    public long Clock { get; } = clock;

    public List<(LeasedPermit Permit, long EndsAt)> Syncs { get; } = [];

    /// <summary>Syncs at once that it has work for.</summary>
    public int Wanted { get; set; } = 6;

    public int Begun { get; set; }

    public long CallSequence { get; set; }

    public long CallUntil { get; set; } = long.MaxValue;

    public long CutOffUntil { get; set; }

    /// <summary>Its process stands still until then.</summary>
    public long StoppedUntil { get; set; }
}
