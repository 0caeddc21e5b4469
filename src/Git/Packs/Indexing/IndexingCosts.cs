namespace Actors.Git.Packs.Indexing;

/// <summary>How a pack's limits apply to what indexing does, and how the memory that it may use is shared out.</summary>
internal sealed class IndexingCosts(PackLimits limits)
{
    /// <summary>Sizes are kept in 32 bits; larger objects could not be resolved anyway.</summary>
    private const long SizeMax = uint.MaxValue - 1024;

    /// <summary>Below these sums no ratio is asked for: small packs of text may well unpack a thousandfold.</summary>
    private const long InflatedBytesFree = 1L << 30;
    private const long ResolvedBytesFree = 16L << 30;

    private long _resolvedBytes;

    public PackLimits Limits { get; } = limits;

    /// <summary>Inflated deltas kept from the scan.</summary>
    public long ArenaBytes => Limits.MemoryBytesMax / 5 * 2;

    /// <summary>The set of references before it goes to a file.</summary>
    public long ReferenceBytes => Limits.MemoryBytesMax / 4;

    /// <summary>Objects held while deltas are resolved, all threads together.</summary>
    public long ObjectBytes => Limits.MemoryBytesMax / 3;

    /// <summary>Bytes that all entries together may inflate to.</summary>
    public long InflatedMax(long receivedBytes) => Math.Max(InflatedBytesFree, receivedBytes * Limits.InflationRatioMax);

    /// <summary>Checks a size before memory is taken for it.</summary>
    public void CheckSize(long size, long offset)
    {
        if (size > Math.Min(Limits.ObjectBytesMax, SizeMax))
        {
            throw new GitFormatException(GitFormatError.OverLimit, $"An object of {size} bytes; {Limits.ObjectBytesMax} are allowed", offset);
        }
    }

    /// <summary>Counts an object made by a delta: copies can make far more of few bytes than deflate.</summary>
    public void AddResolved(long size, long receivedBytes, long offset)
    {
        long sum = Interlocked.Add(ref _resolvedBytes, size);
        if (sum > ResolvedBytesFree && sum > receivedBytes * Limits.ResolvedRatioMax)
        {
            throw new GitFormatException(GitFormatError.OverLimit, $"Deltas make {sum} bytes of a pack of {receivedBytes}", offset);
        }
    }
}
