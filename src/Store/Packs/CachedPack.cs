using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Store.Blobs;
using Actors.Store.Catalogue;

namespace Actors.Store.Packs;

/// <summary>
/// A pack whose blobs are in the cache: its index whole, of itself what has been ensured. Before anything of it is read, the
/// ranges of the entries concerned are ensured; then the mapped file is read as any other.
/// </summary>
internal sealed class CachedPack : IDisposable
{
    /// <summary>Requests for ranges that lie apart, on their way at once.</summary>
    private const int RangesAtOnce = 8;

    private readonly BlobLease _pack;
    private readonly BlobLease _index;
    private readonly EntryEnds _ends;

    private CachedPack(CataloguePack row, BlobLease pack, BlobLease index, IndexedPack opened)
    {
        (Row, _pack, _index, Pack) = (row, pack, index, opened);
        _ends = new EntryEnds(opened.Index, opened.File.EntriesEnd);
    }

    public CataloguePack Row { get; }

    public IndexedPack Pack { get; }

    /// <summary>Its local files, of which the pack's is whole only after <see cref="EnsureAllAsync"/>.</summary>
    public (string Pack, string Index) Paths => (_pack.Path, _index.Path);

    /// <exception cref="FileNotFoundException">A blob is not there any more.</exception>
    /// <exception cref="IOException">It cannot be fetched.</exception>
    /// <exception cref="Git.GitFormatException">They are not what the catalogue says.</exception>
    public static async Task<CachedPack> OpenAsync(BlobCache cache, DeltaBaseCache bases, CataloguePack row, CancellationToken cancellationToken)
    {
        BlobLease? index = null;
        BlobLease? pack = null;
        IndexedPack? opened = null;
        try
        {
            pack = await cache.RentAsync(row.PackKey, row.PackBytes, cancellationToken).ConfigureAwait(false);
            Task ends = Task.WhenAll(
                pack.EnsureAsync(0, Math.Min(PackHeaderBytes, row.PackBytes), cancellationToken).AsTask(),
                pack.EnsureAsync(Math.Max(0, row.PackBytes - Oid.Length), Math.Min(Oid.Length, row.PackBytes), cancellationToken).AsTask());
            index = await cache.RentWholeAsync(row.IndexKey, row.IndexBytes, cancellationToken).ConfigureAwait(false);
            await ends.ConfigureAwait(false);
            opened = IndexedPack.Open(pack.Path, index.Path, bases);
            if (opened.Index.PackChecksum != row.Name || opened.Count != row.Objects)
            {
                throw new Git.GitFormatException(Git.GitFormatError.PackIndex, $"{row.IndexKey} is the index of another pack");
            }

            return new CachedPack(row, pack, index, opened);
        }
        catch
        {
            opened?.Dispose();
            pack?.Dispose();
            index?.Dispose();
            throw;
        }
    }

    /// <summary>Fetches all of the pack.</summary>
    public ValueTask EnsureAllAsync(CancellationToken cancellationToken) =>
        _pack.IsWhole ? ValueTask.CompletedTask : _pack.EnsureAllAsync(cancellationToken);

    /// <summary>Fetches what reading some objects takes: their entries, and those of the bases below them.</summary>
    /// <param name="positions">Which objects.</param>
    /// <param name="headersOnly">For types: the beginnings of the entries.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask EnsureObjectsAsync(IReadOnlyList<int> positions, bool headersOnly, CancellationToken cancellationToken)
    {
        if (_pack.IsWhole)
        {
            return;
        }

        // All entries of a step together, so that a batch takes as many rounds as its longest chain has deltas.
        var seen = new HashSet<long>();
        long[] offsets = [.. positions.Select(Pack.Index.OffsetAt).Where(seen.Add)];
        while (offsets.Length > 0)
        {
            Array.Sort(offsets);
            await EnsureEntriesAsync(offsets, headersOnly, cancellationToken).ConfigureAwait(false);
            offsets = [.. offsets.Select(BaseOf).Where(offset => offset >= 0 && seen.Add(offset))];
        }
    }

    public void Dispose()
    {
        Pack.Dispose();
        _pack.Dispose();
        _index.Dispose();
    }

    private const int PackHeaderBytes = 12;

    private async ValueTask EnsureEntriesAsync(long[] sorted, bool headersOnly, CancellationToken cancellationToken)
    {
        if (sorted.Length == 1)
        {
            (long from, long to) = RangeOf(sorted[0], headersOnly);
            await _pack.EnsureAsync(from, to - from, cancellationToken).ConfigureAwait(false);
            return;
        }

        foreach ((long Start, long End)[] some in Join(sorted.Select(offset => RangeOf(offset, headersOnly))).Chunk(RangesAtOnce))
        {
            await Task.WhenAll(some.Select(range => _pack.EnsureAsync(range.Start, range.End - range.Start, cancellationToken).AsTask())).ConfigureAwait(false);
        }
    }

    private (long Start, long End) RangeOf(long offset, bool headersOnly)
    {
        long end = headersOnly ? Math.Min(offset + PackEntryHeader.LengthMax, Pack.File.EntriesEnd) : _ends.EndOf(offset);
        return end > offset
            ? (offset, end)
            : throw new Git.GitFormatException(Git.GitFormatError.Pack, "An entry is said to be outside its pack", offset);
    }

    /// <summary>Ranges that are nearer to each other than a block become one: the block would be fetched anyway.</summary>
    private IEnumerable<(long Start, long End)> Join(IEnumerable<(long Start, long End)> sorted)
    {
        (long Start, long End)? last = null;
        foreach ((long start, long end) in sorted)
        {
            if (last is { } open && start - open.End < _pack.BlockBytes)
            {
                last = (open.Start, Math.Max(open.End, end));
                continue;
            }

            if (last is { } done)
            {
                yield return done;
            }

            last = (start, end);
        }

        if (last is { } rest)
        {
            yield return rest;
        }
    }

    private long BaseOf(long offset)
    {
        PackEntry entry = Pack.File.ReadEntry(offset);
        return entry.Header.Type switch
        {
            PackEntryType.OfsDelta => entry.BaseOffset,
            // A base that is not there is told when the object is read.
            PackEntryType.RefDelta => Pack.TryFind(entry.Header.BaseOid, out int position) ? Pack.Index.OffsetAt(position) : -1,
            _ => -1,
        };
    }
}
