using System.Numerics;
using System.Runtime.CompilerServices;
using Actors.Git.Objects;

namespace Actors.Store.Index.Ranges;

/// <summary>
/// How a shared store's index is split: the space of all oids in a power of two of equal ranges, in order, by the bits that an
/// oid begins with. Chosen when the store is made and never changed, since runs are of one range each. At most 256, so that a
/// pack index's fan-out says where a range begins.
/// </summary>
internal readonly record struct OidRanges
{
    private readonly int _bits;

    /// <param name="count">1, 2, 4 … 256.</param>
    public OidRanges(int count)
    {
        if (count is < 1 or > 256 || !BitOperations.IsPow2(count))
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, "A power of two from 1 to 256.");
        }

        _bits = BitOperations.Log2((uint)count);
    }

    /// <summary>Ranges, numbered from 0 on.</summary>
    public int Count => 1 << _bits;

    /// <summary>The range of an oid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Of(in Oid oid) => (int)(oid.Prefix >> 56) >> (8 - _bits);

    /// <summary>The first bytes of a range's oids: from First to End - 1.</summary>
    public (int First, int End) FirstBytes(int range)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)range, (uint)Count);
        return (range << (8 - _bits), (range + 1) << (8 - _bits));
    }
}
