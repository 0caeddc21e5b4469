namespace Actors.Sync.ForgeHosts;

/// <summary>What the owner of a host's budget knows of one silo. Times are the owner's UTC ticks. Fields are only added.</summary>
public sealed record HostLease
{
    public required string Silo { get; init; }

    /// <summary>Syncs at once that the silo may believe to be its own: the most of what it was told since it last said.</summary>
    public int Units { get; init; }

    /// <summary>Syncs that it last said it runs.</summary>
    public int Running { get; init; }

    public int Wanted { get; init; }

    /// <summary>Starts that it may still begin, until <see cref="StartsUntil"/>.</summary>
    public long Starts { get; init; }

    public long StartsUntil { get; init; }

    /// <summary>Taken back then, if no call comes.</summary>
    public long ExpiresAt { get; init; }

    /// <summary>Of its last call.</summary>
    public long Sequence { get; init; }

    /// <summary>Of the last evidence that was counted.</summary>
    public long Batch { get; init; }

    public long Waiting { get; init; }

    public bool HasCanary { get; init; }

    /// <summary>Its next sync is the canary: nothing else is begun meanwhile by anybody.</summary>
    public bool OnCanary { get; init; }
}
