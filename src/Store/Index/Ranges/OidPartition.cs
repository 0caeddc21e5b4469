using System.Buffers;
using Actors.Git.Objects;

namespace Actors.Store.Index.Ranges;

/// <summary>A batch of oids in order of their ranges; of one range, in the batch's order. Its arrays are rented until it is disposed.</summary>
internal sealed class OidPartition : IDisposable
{
    private readonly int[] _starts;
    private readonly int[] _places;
    private readonly Oid[] _oids;
    private readonly long[] _found;
    private readonly int _count;

    public OidPartition(OidRanges ranges, ReadOnlySpan<Oid> oids)
    {
        _count = oids.Length;
        _starts = new int[ranges.Count + 1];
        _places = ArrayPool<int>.Shared.Rent(_count);
        _oids = ArrayPool<Oid>.Shared.Rent(_count);
        _found = ArrayPool<long>.Shared.Rent(_count);
        Span<int> next = stackalloc int[256];
        next.Clear();
        foreach (ref readonly Oid oid in oids)
        {
            next[ranges.Of(oid)]++;
        }

        for (int range = 0; range < ranges.Count; range++)
        {
            _starts[range + 1] = _starts[range] + next[range];
            next[range] = _starts[range];
        }

        for (int i = 0; i < oids.Length; i++)
        {
            int at = next[ranges.Of(oids[i])]++;
            _oids[at] = oids[i];
            _places[at] = i;
        }
    }

    /// <summary>For each oid, in this order, the sequence of its pack; -1: absent. To be filled.</summary>
    public Memory<long> Found => _found.AsMemory(0, _count);

    /// <summary>Where a range's oids stand, and how many there are.</summary>
    public (int Start, int Length) Slice(int range) => (_starts[range], _starts[range + 1] - _starts[range]);

    /// <summary>The oids in this order.</summary>
    public ReadOnlyMemory<Oid> Oids => _oids.AsMemory(0, _count);

    /// <summary>What was found, in the batch's order.</summary>
    public void CopyTo(Span<long> packs)
    {
        for (int i = 0; i < _count; i++)
        {
            packs[_places[i]] = _found[i];
        }
    }

    /// <summary>What was found, in the batch's order.</summary>
    public void CopyTo(Span<bool> present)
    {
        for (int i = 0; i < _count; i++)
        {
            present[_places[i]] = _found[i] >= 0;
        }
    }

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_places);
        ArrayPool<Oid>.Shared.Return(_oids);
        ArrayPool<long>.Shared.Return(_found);
    }
}
