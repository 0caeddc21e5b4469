using Actors.Sync.Repositories;

namespace Actors.Grains.Silos;

/// <summary>Visits of a silo that failed (the last first) and that took longest (the longest first).</summary>
[GenerateSerializer]
[Immutable]
[Alias("actors.silo-troubles")]
internal sealed record SiloTroublesReport
{
    [Id(0)]
    public SyncReport[] Failed { get; init; } = [];

    [Id(1)]
    public SyncReport[] Slowest { get; init; } = [];
}
