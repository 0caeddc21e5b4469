using Actors.Git.Objects;
using Actors.Store.Catalogue;
using Actors.Store.Checks;
using Actors.Store.Packs;

namespace Actors.Store.Objects;

public sealed partial class SharedObjectStore
{
    /// <summary>For benchmarks: bytes that the cache has fetched.</summary>
    internal long FetchedBytes => _cache.FetchedBytes;

    async Task<IReadOnlyList<CheckedPack>> ICheckedStore.ListPacksAsync(CancellationToken cancellationToken)
    {
        _ = await RefreshAsync(cancellationToken).ConfigureAwait(false);
        return [.. _view.Visible().Select(row => new CheckedPack(SequenceName.Of(row.Sequence), row.Name, row.PackBytes))];
    }

    async Task<CheckedPackLease?> ICheckedStore.RentPackAsync(Oid key, bool whole, CancellationToken cancellationToken)
    {
        if (!_view.TryResolve(SequenceName.Parse(key), out CataloguePack? row) || SequenceName.Of(row.Sequence) != key)
        {
            return null;
        }

        CachedPackLease? lease = null;
        try
        {
            lease = await _packs.RentAsync(row, cancellationToken).ConfigureAwait(false);
            if (whole)
            {
                await lease.Cached.EnsureAllAsync(cancellationToken).ConfigureAwait(false);
            }

            (string pack, string index) = lease.Cached.Paths;
            return new CheckedPackLease(key, lease.Pack, pack, index, lease);
        }
        catch (FileNotFoundException gone)
        {
            lease?.Dispose();
            throw new Git.GitFormatException(Git.GitFormatError.Pack, gone.Message);
        }
        catch
        {
            lease?.Dispose();
            throw;
        }
    }

    async Task<Oid?[]> ICheckedStore.FindPacksAsync(ReadOnlyMemory<Oid> oids, CancellationToken cancellationToken)
    {
        long[] sequences = new long[oids.Length];
        await _index.LocateAsync(oids, sequences, cancellationToken).ConfigureAwait(false);
        return Array.ConvertAll(
            sequences, sequence => sequence >= 0 && _view.TryResolve(sequence, out CataloguePack? row) ? SequenceName.Of(row.Sequence) : (Oid?)null);
    }
}
