using Actors.Git.Objects;
using Actors.Store.Blobs;
using Actors.Store.Catalogue;

namespace Actors.Store.Index.Ranges;

/// <summary>
/// Which pack has an object, over all packs of a shared store: derived from the packs' own indexes and from runs that processes merge and
/// share. This process answers for the ranges that it has, from its own memory and disk; others are asked for theirs, and where nobody
/// answers, the range's runs are fetched. What is found here is true of the visible store for ever; what is not found was not
/// visible when this process, or the one that answered, looked at the catalogue last.
/// </summary>
internal sealed partial class SharedIndex : IAsyncDisposable
{
    private readonly IIndexCatalogue _catalogue;
    private readonly CatalogueView _view;
    private readonly IBlobStore _blobs;
    private readonly BlobCache _cache;
    private readonly OidRanges _ranges;
    private readonly SharedIndexOptions _options;
    private readonly TimeProvider _clock;
    private readonly PackHandles<long> _handles = new();
    private readonly ListedRuns _listed;
    private readonly PackIndexSlices _slices;

    // Replaced as a whole; null where this process does not have the range.
    private RangeIndex?[] _held;
    private bool _ended;
    private bool _disposed;

    /// <param name="catalogue">Packs, runs, leases and processes.</param>
    /// <param name="view">The process's copy of the list of packs; brought up to date here too.</param>
    /// <param name="blobs">Where runs go.</param>
    /// <param name="cache">Where blobs are read.</param>
    /// <param name="settings">As the store was made.</param>
    /// <param name="options">How this process takes part.</param>
    /// <param name="clock">Ends waits and dates heartbeats.</param>
    public SharedIndex(
        IIndexCatalogue catalogue, CatalogueView view, IBlobStore blobs, BlobCache cache, IndexSettings settings, SharedIndexOptions options, TimeProvider clock)
    {
        (_catalogue, _view, _blobs, _cache, _options, _clock) = (catalogue, view, blobs, cache, options, clock);
        OidRanges ranges = _ranges = settings.Ranges;
        _secret = settings.Secret;
        _held = new RangeIndex?[ranges.Count];
        _wanted = [.. Enumerable.Repeat(options.HoldsAll, ranges.Count)];
        _borrowed = new DateTimeOffset[ranges.Count];
        _listed = new ListedRuns(cache, ranges);
        _slices = new PackIndexSlices(cache, ranges);
    }

    /// <summary>All packs up to this one are found, by whoever is asked.</summary>
    public long Applied => Volatile.Read(ref _applied);

    /// <summary>Ranges that are here.</summary>
    public IReadOnlyList<int> Held => [.. Enumerable.Range(0, _ranges.Count).Where(range => Volatile.Read(ref _held)[range] is not null)];

    /// <summary>Oids in the ranges that are here; one in several runs counts as often.</summary>
    public long Count => Volatile.Read(ref _held).OfType<RangeIndex>().Sum(range => range.Size.Count);

    /// <summary>Bytes and number of the runs of the ranges that are here.</summary>
    public (long Bytes, int Runs) ReadFigures()
    {
        (long Count, long Bytes, int Runs)[] sizes = [.. Volatile.Read(ref _held).OfType<RangeIndex>().Select(range => range.Size)];
        return (sizes.Sum(size => size.Bytes), sizes.Sum(size => size.Runs));
    }

    /// <summary>Ends it; look-ups under way end well. Other processes take over its ranges at once.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _ended, true))
        {
            return;
        }

        await EndPeersAsync().ConfigureAwait(false);
        await _refreshing.WaitAsync().ConfigureAwait(false);
        _disposed = true;
        foreach (RangeIndex? range in Interlocked.Exchange(ref _held, new RangeIndex?[_ranges.Count]))
        {
            range?.Dispose();
        }

        _refreshing.Release();
    }
}
