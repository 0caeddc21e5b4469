namespace Actors.Sync.Engines;

/// <summary>A process that works: a silo of a cluster, or the one process of a local engine.</summary>
public sealed record SiloView
{
    /// <summary>Unique in the cluster.</summary>
    public required string Name { get; init; }

    /// <summary>As the cluster's membership says it (Active, ShuttingDown, Dead…).</summary>
    public required string Status { get; init; }

    /// <summary>Of the program.</summary>
    public string Version { get; init; } = "";

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Of all cores, 0 to 1; null: not known.</summary>
    public double? CpuShare { get; init; }

    /// <summary>Resident memory.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Grains in memory; 0 without Orleans.</summary>
    public long Activations { get; init; }

    /// <summary>Syncs running now.</summary>
    public int Running { get; init; }

    /// <summary>Syncs ended since its start.</summary>
    public long Done { get; init; }
}
