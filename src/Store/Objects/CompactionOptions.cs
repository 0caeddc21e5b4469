namespace Actors.Store.Objects;

/// <summary>What a compaction should do.</summary>
public sealed record CompactionOptions
{
    /// <summary>All packs into as few as <see cref="PackBytesMax"/> allows; otherwise the geometric rule decides, and may find nothing to do.</summary>
    public bool Full { get; init; }

    /// <summary>Also make deltas between objects of the merged packs, where they pay: every object is read, which takes far longer than copying.</summary>
    public bool Deltas { get; init; }

    /// <summary>A pack of this size is not merged further.</summary>
    public long PackBytesMax { get; init; } = 32L << 30;

    /// <summary>Told bytes written so far and in all.</summary>
    public IProgress<(long Done, long Total)>? Progress { get; init; }
}
