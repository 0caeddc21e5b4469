using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Store.Blobs;
using Actors.Store.Catalogue;

namespace Actors.Store.Index;

/// <summary>
/// The object index of a shared store, made by this process for itself from the <c>.idx</c> of every visible pack. For stores whose
/// indexes fit on this machine's disk, and for tests: opening it takes all of them.
/// </summary>
internal sealed class PackIndexLocator : IPackLocator
{
    private readonly StoreCatalogue _catalogue;
    private readonly CatalogueView _view;
    private readonly BlobCache _cache;
    private readonly ObjectIndex _index;
    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private readonly HashSet<long> _found = [];
    private long _covered;

    /// <param name="catalogue">Whose packs.</param>
    /// <param name="view">Kept up to date here.</param>
    /// <param name="cache">Where the indexes of packs come from.</param>
    /// <param name="directory">For the index; empty.</param>
    public PackIndexLocator(StoreCatalogue catalogue, CatalogueView view, BlobCache cache, string directory)
    {
        (_catalogue, _view, _cache) = (catalogue, view, cache);
        _index = ObjectIndex.Open(directory, readOnly: false, ObjectIndexOptions.Default with { Fsync = false });
    }

    /// <inheritdoc/>
    public async Task<long> RefreshAsync(CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _view.Add(await _catalogue.ListPacksAfterAsync(_view.LastSequence, cancellationToken).ConfigureAwait(false));
            foreach (CataloguePack pack in _view.ListAfter(_covered))
            {
                await CoverAsync(pack, cancellationToken).ConfigureAwait(false);
                _covered = pack.Sequence;
            }

            while (_index.MergeStep(cancellationToken))
            {
            }

            return _covered;
        }
        finally
        {
            _ = _refreshing.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask ContainsAsync(ReadOnlyMemory<Oid> oids, Memory<bool> present, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _index.Contains(oids.Span, present.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask LocateAsync(ReadOnlyMemory<Oid> oids, Memory<long> packSequences, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int[] numbers = new int[oids.Length];
        _index.Locate(oids.Span, numbers);
        for (int i = 0; i < numbers.Length; i++)
        {
            packSequences.Span[i] = numbers[i] < 0 ? -1 : SequenceName.Parse(_index.PackOf(numbers[i]));
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<(long Bytes, int Runs)> ReadFiguresAsync(CancellationToken cancellationToken) => ValueTask.FromResult((_index.Bytes, _index.Runs));

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _index.Dispose();
        _refreshing.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A merged pack has the objects of packs that are covered already, and the catalogue leads from them to it.</summary>
    private async Task CoverAsync(CataloguePack pack, CancellationToken cancellationToken)
    {
        if (pack.ReplacedBy is not null)
        {
            return;
        }

        if (pack.Replaces.Count > 0 && pack.Replaces.All(_found.Contains))
        {
            _ = _found.Add(pack.Sequence);
            return;
        }

        using BlobLease lease = await _cache.RentWholeAsync(pack.IndexKey, pack.IndexBytes, cancellationToken).ConfigureAwait(false);
        using var index = PackIndex.Open(lease.Path);
        index.Verify();
        _index.AddPack(SequenceName.Of(pack.Sequence), index.Oids);
        _ = _found.Add(pack.Sequence);
    }
}
