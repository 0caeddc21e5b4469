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

    /// <summary>Keeps what the store knows fresh, with so many visits a day to each repository on average over all silos; null: it does not.</summary>
    public double? VisitsADay { get; init; }

    /// <summary>What a watching silo took and was never heard of again is due for others after so long.</summary>
    public TimeSpan VisitLease { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Turns of what is due at once: a quarter of the chunks, so that neither campaigns nor the watch stand still for the other.</summary>
    internal int TurnsMax => VisitsADay is null || !Works ? 0 : Math.Max(1, ChunksMax / 4);

    /// <summary>Chunks of campaigns at once beside them.</summary>
    internal int CampaignChunksMax => Math.Max(1, ChunksMax - TurnsMax);

    /// <summary>Visits at once in a chunk.</summary>
    internal int JobsOfChunk => Math.Max(1, VisitsMax / ChunksMax);
}
