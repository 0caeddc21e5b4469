namespace Actors.Grains.Silos;

/// <summary>What a silo does now. Fields are only added; their numbers are never reused.</summary>
[GenerateSerializer]
[Immutable]
[Alias("actors.silo-figures")]
internal sealed record SiloFigures
{
    [Id(0)]
    public int Running { get; init; }

    [Id(1)]
    public long Done { get; init; }

    [Id(2)]
    public long MemoryBytes { get; init; }

    [Id(3)]
    public double CpuShare { get; init; }

    [Id(4)]
    public long Activations { get; init; }

    [Id(5)]
    public string Version { get; init; } = "";

    [Id(6)]
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Chunks of campaigns that it works.</summary>
    [Id(7)]
    public int Chunks { get; init; }

    [Id(8)]
    public CampaignFigures[] Campaigns { get; init; } = [];

    /// <summary>Its part in keeping the store fresh; null: it has none.</summary>
    [Id(9)]
    public WatchPart? Watch { get; init; }
}
