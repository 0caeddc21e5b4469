namespace Actors.Sync.ForgeHosts;

/// <summary>All that the owner of a host's budget knows, as a value. Times are UTC ticks. Fields are only added.</summary>
public sealed record HostBudgetState
{
    public HostPolicyState? Policy { get; init; }

    /// <summary>Grows with whatever makes granted starts void.</summary>
    public long Version { get; init; }

    /// <summary>An operator's; 0: none.</summary>
    public long BrakedUntil { get; init; }

    /// <summary>Syncs ended since the host is known.</summary>
    public long Done { get; init; }

    /// <summary>The owner ended without saying what was leased: units are given from then on.</summary>
    public long NoUnitsBefore { get; init; }

    /// <summary>As above, for starts.</summary>
    public long NoStartsBefore { get; init; }

    /// <summary>By silo.</summary>
    public IReadOnlyList<HostLease> Leases { get; init; } = [];

    /// <summary>An owner works with it and may have leased more than it says; false: it says all.</summary>
    public bool InUse { get; init; }

    /// <summary>How long this owner answers after a save without another, in ticks; 0: an owner of a version that did not say.</summary>
    public long OwnedFor { get; init; }
}
