using Actors.Git.Objects;
using Actors.Git.Packs;

namespace Actors.Store.Packs;

/// <summary>
/// Compares objects of a pack that came with those that are here under the same ids: the id alone proves nothing since
/// SHA-1 is broken. Where both have the same compressed bytes on an equal base, that is proof enough, and costs no inflating.
/// </summary>
/// <param name="came">The pack that came.</param>
/// <param name="earlier">Where the others are; null: wherever the store has them.</param>
/// <param name="rent">Finds the store's pack of an object.</param>
internal sealed class PackComparison(IndexedPack came, IndexedPack? earlier, Func<Oid, PackLease?> rent) : IDisposable
{
    private readonly HashSet<Oid> _equal = [];
    private PackLease? _lease;
    private EntryOffsets? _offsets;

    /// <summary>The first position, in the order of the file, whose object differs; null when none does.</summary>
    public int? FindDifferent(IReadOnlyList<int> positions)
    {
        // Ends of entries are worth a sort only when it is about many of them.
        _offsets = (long)positions.Count * 16 >= came.Count ? EntryOffsets.Of(came.Index) : null;
        foreach (int position in came.InOffsetOrder(positions))
        {
            Oid oid = came.Oids[position];
            if (FindOther(oid, out int place) is not IndexedPack other
                || (!HasSameBytes(position, other, place) && !HasSameContent(position, other, place)))
            {
                return position;
            }

            _ = _equal.Add(oid);
        }

        return null;
    }

    public void Dispose() => _lease?.Dispose();

    private IndexedPack? FindOther(Oid oid, out int place)
    {
        IndexedPack? other = earlier ?? _lease?.Pack;
        if (other is not null && other.TryFind(oid, out place))
        {
            return other;
        }

        _lease?.Dispose();
        _lease = earlier is null ? rent(oid) : null;
        place = -1;
        return _lease is not null && _lease.Pack.TryFind(oid, out place) ? _lease.Pack : null;
    }

    private bool HasSameContent(int position, IndexedPack other, int place)
    {
        GitObject one = came.Read(position, long.MaxValue);
        GitObject two = other.Read(place, long.MaxValue);
        return one.Type == two.Type && one.Content.Span.SequenceEqual(two.Content.Span);
    }

    /// <summary>
    /// Same kind, same size, same zlib stream; and for deltas the same base, which was found equal before. A zlib stream tells its
    /// own end, so as many bytes of the other's as ours has are all of it.
    /// </summary>
    private bool HasSameBytes(int position, IndexedPack other, int place)
    {
        if (_offsets is null)
        {
            return false;
        }

        PackEntry one = came.File.ReadEntry(came.Index.OffsetAt(position));
        PackEntry two = other.File.ReadEntry(other.Index.OffsetAt(place));
        long length = _offsets.EndOf(one.Offset, came.File.EntriesEnd) - one.DataOffset;
        return one.Header.Size == two.Header.Size
            && length <= int.MaxValue && length <= other.File.EntriesEnd - two.DataOffset
            && HasEqualBase(one, two, other)
            && came.File.Bytes(one.DataOffset, one.DataOffset + length).SequenceEqual(other.File.Bytes(two.DataOffset, two.DataOffset + length));
    }

    private bool HasEqualBase(PackEntry one, PackEntry two, IndexedPack other)
    {
        if (!one.Header.IsDelta || !two.Header.IsDelta)
        {
            return one.Header.Type == two.Header.Type;
        }

        if (BaseOf(came, one) is not Oid from || !_equal.Contains(from))
        {
            return false;
        }

        // The other pack's order is not sorted for this: its delta has the same base exactly when that is where the base is.
        return two.Header.Type == PackEntryType.RefDelta
            ? two.Header.BaseOid == from
            : other.TryFind(from, out int place) && other.Index.OffsetAt(place) == two.BaseOffset;
    }

    private Oid? BaseOf(IndexedPack pack, PackEntry entry) => entry.Header.Type == PackEntryType.RefDelta
        ? entry.Header.BaseOid
        : _offsets!.TryFind(entry.BaseOffset, out int position) ? pack.Oids[position] : null;
}
