using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Store.Blobs;
using Actors.Store.Catalogue;

namespace Actors.Store.Packs;

/// <summary>An ingest kept aside in a shared store, opened to be reconsidered: its indexes first, its packs when they are to become visible.</summary>
internal sealed class CachedAside : IDisposable
{
    private readonly List<BlobLease> _leases = [];
    private readonly List<PackIndex> _indexes = [];
    private readonly List<IncomingPack> _packs = [];

    private CachedAside(CatalogueAside row) => Row = row;

    public CatalogueAside Row { get; }

    public int PackCount => Row.Keys.Count / 2;

    public static async Task<CachedAside> OpenAsync(BlobCache cache, CatalogueAside row, CancellationToken cancellationToken)
    {
        var opened = new CachedAside(row);
        try
        {
            for (int i = 1; i < row.Keys.Count; i += 2)
            {
                BlobLease lease = await cache.RentWholeAsync(row.Keys[i], row.Lengths[i], cancellationToken).ConfigureAwait(false);
                opened._leases.Add(lease);
                opened._indexes.Add(PackIndex.Open(lease.Path));
            }

            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    public bool Has(Oid oid) => _indexes.Exists(index => index.TryFind(oid, out _));

    /// <summary>Fetches its packs whole. They are files of the cache: copied, merged or uploaded, never moved.</summary>
    public async Task<IReadOnlyList<IncomingPack>> OpenPacksAsync(BlobCache cache, CancellationToken cancellationToken)
    {
        for (int i = 0; i < Row.Keys.Count; i += 2)
        {
            BlobLease lease = await cache.RentWholeAsync(Row.Keys[i], Row.Lengths[i], cancellationToken).ConfigureAwait(false);
            _leases.Add(lease);
            _packs.Add(IncomingPack.Open(lease.Path, _leases[i / 2].Path, bases: null));
        }

        return _packs;
    }

    public void Dispose()
    {
        _packs.ForEach(pack => pack.Dispose());
        _indexes.ForEach(index => index.Dispose());
        _leases.ForEach(lease => lease.Dispose());
    }
}
