using Actors.Git.Packs;

namespace Actors.Store.Packs;

/// <summary>
/// Where entries of a pack end, told by the offsets in its index. The first questions are answered by looking through all of them,
/// which takes a millisecond a million; when more come they are sorted, 8 bytes each.
/// </summary>
internal sealed class EntryEnds(PackIndex index, long entriesEnd)
{
    private const int AsksBeforeSorting = 8;

    private readonly Lock _sorting = new();
    private long[]? _sorted;
    private int _asks;

    /// <summary>Where the entry that starts at an offset ends.</summary>
    public long EndOf(long offset)
    {
        long[]? sorted = Volatile.Read(ref _sorted);
        if (sorted is null && Interlocked.Increment(ref _asks) <= AsksBeforeSorting)
        {
            long end = entriesEnd;
            for (int position = 0; position < index.Count; position++)
            {
                long other = index.OffsetAt(position);
                end = other > offset && other < end ? other : end;
            }

            return end;
        }

        sorted ??= Sort();
        int at = Array.BinarySearch(sorted, offset);
        at = at < 0 ? ~at : at + 1;
        return at < sorted.Length ? Math.Min(sorted[at], entriesEnd) : entriesEnd;
    }

    private long[] Sort()
    {
        lock (_sorting)
        {
            if (_sorted is null)
            {
                long[] offsets = new long[index.Count];
                for (int position = 0; position < offsets.Length; position++)
                {
                    offsets[position] = index.OffsetAt(position);
                }

                Array.Sort(offsets);
                Volatile.Write(ref _sorted, offsets);
            }

            return _sorted;
        }
    }
}
