namespace Actors.Grains;

/// <summary>How much one silo does at once.</summary>
public sealed record SiloWorkOptions
{
    /// <summary>Visits at once, over all hosts.</summary>
    public int VisitsMax { get; init; } = 256;

    /// <summary>Chunks of campaigns at once: more than hosts that serve at a time, so that a slow one keeps nobody waiting.</summary>
    public int ChunksMax { get; init; } = 16;

    /// <summary>A chunk is this silo's for so long after its last checkpoint: as long as others wait when the silo dies.</summary>
    public TimeSpan ChunkLease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>When told to stop, visits may go on for so long; then they are cut off.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Works campaigns at all; false: only owns grains and serves the API.</summary>
    public bool Works { get; init; } = true;
}
