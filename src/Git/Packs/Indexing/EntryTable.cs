using System.Runtime.CompilerServices;

namespace Actors.Git.Packs.Indexing;

/// <summary>All entries of the pack in order of the file, linked from bases to their deltas.</summary>
internal sealed unsafe class EntryTable : IDisposable
{
    private readonly NativeList<IndexedEntry> _entries = new();

    public int Count => _entries.Count;

    /// <summary>Moves when entries are added.</summary>
    public IndexedEntry* Items => _entries.Items;

    /// <summary>Deltas with bases named by oid, in order of the file.</summary>
    public NativeList<RefDelta> RefDeltas { get; } = new();

    public ref IndexedEntry this[int index] => ref _entries[index];

    /// <summary>Takes over a segment that goes on where the table ends, and links its deltas to their bases in the pack.</summary>
    /// <exception cref="GitFormatException">A delta's base offset is inside an entry.</exception>
    public void Append(ScanSegment segment)
    {
        int first = Count;
        foreach (RefDelta delta in segment.RefDeltas.Span)
        {
            RefDeltas.Add(new RefDelta(delta.Base, delta.Entry + first));
        }

        _entries.AddRange(segment.Entries.Span);
        for (int i = first; i < Count; i++)
        {
            if (_entries[i].EntryType == PackEntryType.OfsDelta)
            {
                Link(i, IndexOf(_entries[i].BaseOffset, i));
            }
        }
    }

    /// <summary>Adds one whole object.</summary>
    public int Append(in IndexedEntry entry)
    {
        _entries.Add(entry);
        return Count - 1;
    }

    /// <summary>Makes one entry the base of another.</summary>
    public void Link(int delta, int source)
    {
        ref IndexedEntry entry = ref _entries[delta];
        ref IndexedEntry parent = ref _entries[source];
        entry.Base = source;
        entry.NextSibling = parent.FirstChild;
        parent.FirstChild = delta;
    }

    /// <summary>Forgets the last entries, to which nothing is linked any more.</summary>
    public void Truncate(int count) => _entries.Truncate(count);

    public void Dispose()
    {
        _entries.Dispose();
        RefDeltas.Dispose();
    }

    /// <summary>Bases mostly lie near before their deltas: gallops back, then halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int IndexOf(long offset, int before)
    {
        IndexedEntry* items = _entries.Items;
        int high = before;
        int low = before - 1;
        for (int step = 1; low > 0 && items[low].Offset > offset; step *= 2)
        {
            high = low;
            low = Math.Max(0, low - step);
        }

        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (items[middle].Offset == offset)
            {
                return middle;
            }

            (low, high) = items[middle].Offset < offset ? (middle + 1, high) : (low, middle);
        }

        throw new GitFormatException(GitFormatError.Delta, $"No entry starts at byte {offset}, where a delta's base should", items[before].Offset);
    }
}
