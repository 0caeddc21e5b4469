namespace Actors.Git.Packs;

/// <summary>What one pack from outside may cost. Exceeding one is <see cref="GitFormatError.OverLimit"/>.</summary>
public sealed record PackLimits
{
    /// <summary>Defaults for public repositories.</summary>
    public static PackLimits Default { get; } = new();

    /// <summary>Bytes of the pack as received.</summary>
    public long PackBytesMax { get; init; } = 64L << 30;

    /// <summary>Bytes of one inflated object. Larger ones cannot be held as one .NET array; forges refuse them from 100 MB on.</summary>
    public long ObjectBytesMax { get; init; } = 2_000_000_000;

    /// <summary>Entries in a pack: the header's own limit is 2^32, nobody's repository comes near this.</summary>
    public long ObjectCountMax { get; init; } = 500_000_000;

    /// <summary>Deltas from an object to its whole base. git writes at most 250 (aggressive), and allows 4,095.</summary>
    public int DeltaDepthMax { get; init; } = 4095;

    /// <summary>Inflated bytes of all entries for each received byte, above a gigabyte: deflate's own bound is 1,032, real packs stay under 100.</summary>
    public int InflationRatioMax { get; init; } = 300;

    /// <summary>Bytes of all objects made by deltas for each received byte, above 16 gigabytes: huge flat trees of package registries reach some hundreds.</summary>
    public int ResolvedRatioMax { get; init; } = 2_000;

    /// <summary>Distinct objects outside the pack that it may refer to: a whole history without its blobs lists each blob, and they are held in memory.</summary>
    public int OutgoingReferenceCountMax { get; init; } = 32_000_000;

    /// <summary>Anonymous memory that indexing may use for buffers and caches; 56 bytes an entry come on top, and single very large objects go to temporary files.</summary>
    public long MemoryBytesMax { get; init; } = 160L << 20;
}
