namespace Actors.Store.Campaigns;

/// <summary>What the work on a chunk counts since its last checkpoint; of a campaign: the sum.</summary>
public sealed partial record ChunkCounts
{
    public static readonly ChunkCounts None = new();

    /// <summary>Repositories that got their outcome (index: the outcome's number).</summary>
    public IReadOnlyList<long> Outcomes { get; init; } = [];

    /// <summary>Repositories that were left as they are: young enough, or not to be visited yet.</summary>
    public long Skipped { get; init; }

    /// <summary>Objects new to the store.</summary>
    public long Objects { get; init; }

    public long BytesReceived { get; init; }

    /// <summary>Bytes that clones would have received beyond <see cref="BytesReceived"/>, where known.</summary>
    public long BytesSaved { get; init; }

    public long Requests { get; init; }
}
