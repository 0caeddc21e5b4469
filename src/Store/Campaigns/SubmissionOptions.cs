namespace Actors.Store.Campaigns;

/// <summary>How a submitted list is cut.</summary>
public sealed record SubmissionOptions
{
    public static SubmissionOptions Default => new();

    /// <summary>Repositories of a chunk at most: some seconds to minutes of work.</summary>
    public int ChunkMax { get; init; } = 1000;

    /// <summary>Repositories of a chunk at most while the list is small: chunks grow with the list, so that many processes can share a small one.</summary>
    public int ChunkMin { get; init; } = 10;

    /// <summary>A chunk is let have one in so many of the repositories that have come so far.</summary>
    public int ChunksWanted { get; init; } = 256;

    /// <summary>A host with fewer repositories in hand shares chunks with others.</summary>
    public int HostMin { get; init; } = 8;

    /// <summary>Bytes of repositories in memory, over all hosts, and as much for what finds repetitions; a heap that is limited gives a sixteenth.</summary>
    public long MemoryMax { get; init; } = Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 16, 4 << 20, 64 << 20);

    /// <summary>Where a long list waits on the disk until repetitions are found: a quarter of its size at most. Null: the system's folder for temporary files.</summary>
    public string? SpoolFolder { get; init; }
}
