namespace Actors.Git.Packs.Indexing;

/// <summary>Entries found one after the other in a part of a pack, not yet known to belong to the chain of entries that begins behind the header.</summary>
internal sealed class ScanSegment : IDisposable
{
    /// <summary>Where the first entry starts.</summary>
    public long Start { get; private set; }

    /// <summary>Where the entry after the last one starts.</summary>
    public long End { get; set; }

    /// <summary>The bytes that were there ended before the entry at <see cref="End"/>.</summary>
    public bool Starved { get; set; }

    /// <summary>What is wrong with the entry at <see cref="End"/>, if it is.</summary>
    public GitFormatException? Failure { get; set; }

    /// <summary>Scanned, and free to be looked at by others.</summary>
    public bool Done { get; set; }

    public long InflatedBytes { get; set; }

    public NativeList<IndexedEntry> Entries { get; } = new();

    /// <summary>Deltas with bases named by oid, their entries counted from the segment's first.</summary>
    public NativeList<RefDelta> RefDeltas { get; } = new();

    /// <summary>References of the segment's whole objects.</summary>
    public NativeList<LoggedReference> References { get; } = new();

    /// <summary>Begins anew at an offset.</summary>
    public void Restart(long start)
    {
        (Start, End, Starved, Failure, InflatedBytes) = (start, start, false, null, 0);
        Entries.Clear();
        RefDeltas.Clear();
        References.Clear();
    }

    public void Dispose()
    {
        Entries.Dispose();
        RefDeltas.Dispose();
        References.Dispose();
    }
}
