using Actors.Git.Packs;

namespace Actors.Store.Packs;

/// <summary>Entries of a pack in the order of the file (a rank), as git's <c>.rev</c> files have it: tells where an entry ends and whose offset an offset is.</summary>
internal sealed class EntryOffsets
{
    private readonly long[] _offsets;
    private readonly int[] _positions;

    private EntryOffsets(long[] offsets, int[] positions)
    {
        (_offsets, _positions) = (offsets, positions);
        Array.Sort(_offsets, _positions);
    }

    public static EntryOffsets Empty { get; } = new([], []);

    public int Count => _offsets.Length;

    /// <summary>All entries of a pack: 12 bytes each.</summary>
    public static EntryOffsets Of(PackIndex index)
    {
        int[] positions = new int[index.Count];
        for (int i = 0; i < positions.Length; i++)
        {
            positions[i] = i;
        }

        return Of(index, positions);
    }

    /// <summary>Some entries of a pack. The positions are copied.</summary>
    public static EntryOffsets Of(PackIndex index, ReadOnlySpan<int> positions)
    {
        int[] copy = positions.ToArray();
        return new EntryOffsets(Array.ConvertAll(copy, index.OffsetAt), copy);
    }

    public long OffsetAt(int rank) => _offsets[rank];

    public int PositionAt(int rank) => _positions[rank];

    /// <summary>The position of the entry at an offset; false when none of these entries starts there.</summary>
    public bool TryFind(long offset, out int position)
    {
        int rank = Array.BinarySearch(_offsets, offset);
        position = rank < 0 ? -1 : _positions[rank];
        return rank >= 0;
    }

    /// <summary>Where the entry that starts at an offset ends, when all entries of the pack are here.</summary>
    public long EndOf(long offset, long entriesEnd)
    {
        int rank = Array.BinarySearch(_offsets, offset);
        return rank + 1 < _offsets.Length ? _offsets[rank + 1] : entriesEnd;
    }
}
