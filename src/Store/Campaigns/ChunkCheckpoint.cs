namespace Actors.Store.Campaigns;

/// <summary>How far a claimed chunk is. Written as a whole or not at all.</summary>
public sealed record ChunkCheckpoint
{
    public required ChunkHold Hold { get; init; }

    /// <summary>Of the claim: 1, 2, 3… A number that was written already changes nothing, so a lost answer may be asked for again.</summary>
    public required int Number { get; init; }

    /// <summary>All lines that are done now, as in <see cref="ClaimedChunk.Done"/>.</summary>
    public required ReadOnlyMemory<byte> Done { get; init; }

    /// <summary>Since the checkpoint before.</summary>
    public ChunkCounts Counts { get; init; } = ChunkCounts.None;

    /// <summary>Lines for the campaign's report, as the caller writes them.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Report { get; init; } = [];

    public ChunkNext Next { get; init; }

    /// <summary>With <see cref="ChunkNext.GoOn"/>: the new lease. With <see cref="ChunkNext.Release"/>: nobody claims it before so long.</summary>
    public TimeSpan Time { get; init; }
}
