using Actors.Git.Objects;
using Actors.Store.Packs;

namespace Actors.Store.Compaction;

/// <summary>Which objects of one pack go into a new one, and where they are there. A place is a place among the chosen.</summary>
internal sealed class PackSelection
{
    /// <summary>No entry starts within a pack's header, so 0 stands for "not written yet".</summary>
    private readonly long[] _offsets;
    private readonly short[] _depths;
    private readonly int[] _positions;

    /// <param name="pack">Where the objects are.</param>
    /// <param name="positions">Which, ascending.</param>
    public PackSelection(IndexedPack pack, int[] positions)
    {
        (Pack, _positions) = (pack, positions);
        _offsets = new long[positions.Length];
        _depths = new short[positions.Length];
        Array.Fill(_depths, (short)-1);
    }

    public IndexedPack Pack { get; }

    /// <summary>Positions in the pack, ascending.</summary>
    public ReadOnlySpan<int> Positions => _positions;

    public int Count => _positions.Length;

    /// <summary>Every object of the packs once, from the first pack that has it.</summary>
    public static PackSelection[] AllOf(IReadOnlyList<IndexedPack> packs)
    {
        var chosen = new List<int>[packs.Count];
        var heads = new PriorityQueue<int, (Oid Oid, int Pack)>();
        int[] next = new int[packs.Count];
        for (int i = 0; i < packs.Count; i++)
        {
            chosen[i] = new List<int>(packs[i].Count);
            if (packs[i].Count > 0)
            {
                heads.Enqueue(i, (packs[i].Oids[0], i));
            }
        }

        Oid? last = null;
        while (heads.TryDequeue(out int pack, out (Oid Oid, int Pack) head))
        {
            if (last != head.Oid)
            {
                chosen[pack].Add(next[pack]);
                last = head.Oid;
            }

            if (++next[pack] < packs[pack].Count)
            {
                heads.Enqueue(pack, (packs[pack].Oids[next[pack]], pack));
            }
        }

        return [.. packs.Select((pack, i) => new PackSelection(pack, [.. chosen[i]]))];
    }

    /// <summary>The place of a position, if it is chosen.</summary>
    public bool TryFind(int position, out int place)
    {
        place = _positions.Length == Pack.Count ? position : Array.BinarySearch(_positions, position);
        return place >= 0;
    }

    /// <summary>Where it starts in the new pack; 0: not written yet.</summary>
    public long OffsetAt(int place) => _offsets[place];

    public void SetOffset(int place, long offset) => _offsets[place] = offset;

    /// <summary>Deltas below it in the new pack; -1: not decided yet.</summary>
    public int DepthAt(int place) => _depths[place];

    public void SetDepth(int place, int depth) => _depths[place] = (short)depth;
}
