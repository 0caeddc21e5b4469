using System.Numerics;
using System.Runtime.CompilerServices;
using Actors.Git.Objects;

namespace Actors.Git.Packs.Indexing;

/// <summary>A fan-out over sorted index entries by as many first bits as leave about eight to a bucket: look-ups cost one or two cache misses.</summary>
internal readonly struct OidBuckets
{
    private const int BitsMax = 20;

    private readonly int[] _ends;
    private readonly int _shift;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public OidBuckets(ReadOnlySpan<PackIndexEntry> sorted)
    {
        int bits = BitsFor(sorted.Length);
        _shift = 64 - bits;
        _ends = new int[1 << bits];
        for (int i = 0; i < sorted.Length; i++)
        {
            _ends[(int)(sorted[i].Oid.Prefix >> _shift)] = i + 1;
        }

        for (int i = 1; i < _ends.Length; i++)
        {
            _ends[i] = Math.Max(_ends[i], _ends[i - 1]);
        }
    }

    /// <summary>At least one bit, so that shifts stay below 64.</summary>
    public static int BitsFor(int count) => Math.Clamp(BitOperations.Log2((uint)count | 1) - 3, 1, BitsMax);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Contains(ReadOnlySpan<PackIndexEntry> sorted, Oid oid)
    {
        int bucket = (int)(oid.Prefix >> _shift);
        int low = bucket == 0 ? 0 : _ends[bucket - 1];
        int high = _ends[bucket];
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            int order = sorted[middle].Oid.CompareTo(oid);
            if (order == 0)
            {
                return true;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle);
        }

        return false;
    }
}
