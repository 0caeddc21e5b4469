using Actors.Store.Blobs;
using Actors.Store.Catalogue;

namespace Actors.Store.Index.Ranges;

/// <summary>
/// The catalogue's runs, by range, and their files on this machine. A run that is damaged or gone is as good as not listed, and so are
/// those after it: their packs are level zero, until whoever has the range's lease lists a new one.
/// </summary>
internal sealed class ListedRuns(BlobCache cache, OidRanges ranges)
{
    private readonly HashSet<long> _unreadable = [];
    private ILookup<int, CatalogueRun> _runs = Array.Empty<CatalogueRun>().ToLookup(run => run.Range);

    /// <summary>Of the state that was taken in last; -1: none was.</summary>
    public long Generation { get; private set; } = -1;

    /// <summary>Takes in all runs of a generation, or of a later one.</summary>
    public void Take(long generation, IReadOnlyList<CatalogueRun> runs)
    {
        (Generation, _runs) = (generation, runs.Where(run => run.Range < ranges.Count).OrderBy(run => run.FirstSequence).ToLookup(run => run.Range));
        _unreadable.IntersectWith(runs.Select(run => run.Id));
    }

    /// <summary>A range's runs in order, as the catalogue has them.</summary>
    public IReadOnlyList<CatalogueRun> Of(int range) => [.. _runs[range]];

    /// <summary>A range's runs in order, up to the first that cannot be read.</summary>
    public IReadOnlyList<CatalogueRun> Readable(int range)
    {
        var readable = new List<CatalogueRun>();
        foreach (CatalogueRun run in _runs[range])
        {
            if (run.FirstSequence != RangeState.LastOf(readable) + 1 || run.LastSequence < run.FirstSequence || _unreadable.Contains(run.Id))
            {
                break;
            }

            readable.Add(run);
        }

        return readable;
    }

    /// <summary>Fetches and maps a run. Null: it cannot be read, and is not <see cref="Readable"/> from now on.</summary>
    /// <exception cref="BlobStoreException">It cannot be fetched now.</exception>
    public async Task<IndexRun?> OpenAsync(CatalogueRun listed, CancellationToken cancellationToken)
    {
        try
        {
            return await MapAsync(listed, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception damage) when (damage is InvalidDataException or FileNotFoundException)
        {
            lock (_unreadable)
            {
                _unreadable.Add(listed.Id);
            }

            return null;
        }
    }

    /// <summary>What binds a catalogue's row to the very file.</summary>
    public static byte[] ChecksumOf(IndexRun run) => BitConverter.GetBytes(run.Checksum);

    private async Task<IndexRun> MapAsync(CatalogueRun listed, CancellationToken cancellationToken)
    {
        BlobLease lease = await cache.RentWholeAsync(listed.Key, listed.Bytes, cancellationToken).ConfigureAwait(false);
        IndexRun? run = null;
        try
        {
            run = IndexRun.Open(lease.Path, listed.Id);
            if (run.Count != listed.Entries || !listed.Checksum.Span.SequenceEqual(ChecksumOf(run)))
            {
                throw new InvalidDataException($"Index run {listed.Id} is not the one in the catalogue.");
            }

            run.Verify();
            run.KeepWith(lease);
            return run;
        }
        catch
        {
            run?.RemoveUser();
            lease.Dispose();
            throw;
        }
    }
}
