using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Store.Catalogue;
using Actors.Store.Packs;

namespace Actors.Store.Objects;

public sealed partial class SharedObjectStore
{
    /// <inheritdoc/>
    public async ValueTask<GitObject?> ReadAsync(Oid oid, long contentBytesMax, CancellationToken cancellationToken)
    {
        await RefreshIfDueAsync(cancellationToken).ConfigureAwait(false);
        GitObject? found = null;
        await WithPacksAsync(
            [oid],
            required: false,
            async (lease, indexes) =>
            {
                int position = PositionOf(lease, oid);
                await lease.Cached.EnsureObjectsAsync([position], headersOnly: false, cancellationToken).ConfigureAwait(false);
                found = lease.Pack.Read(position, contentBytesMax);
            },
            cancellationToken).ConfigureAwait(false);
        return found;
    }

    /// <inheritdoc/>
    public async ValueTask ContainsAsync(ReadOnlyMemory<Oid> oids, Memory<bool> present, CancellationToken cancellationToken)
    {
        await RefreshIfDueAsync(cancellationToken).ConfigureAwait(false);
        await _index.ContainsAsync(oids, present, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask ReadTypesAsync(ReadOnlyMemory<Oid> oids, Memory<ObjectType> types, CancellationToken cancellationToken)
    {
        await RefreshIfDueAsync(cancellationToken).ConfigureAwait(false);
        types.Span.Clear();
        Oid[] asked = oids.ToArray();
        await WithPacksAsync(
            asked,
            required: false,
            async (lease, indexes) =>
            {
                int[] positions = [.. indexes.Select(i => PositionOf(lease, asked[i]))];
                await lease.Cached.EnsureObjectsAsync(positions, headersOnly: true, cancellationToken).ConfigureAwait(false);
                for (int i = 0; i < positions.Length; i++)
                {
                    types.Span[indexes[i]] = lease.Pack.ReadType(positions[i]);
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<Oid> WritePackAsync(IReadOnlyList<Oid> oids, Stream destination, CancellationToken cancellationToken)
    {
        await RefreshIfDueAsync(cancellationToken).ConfigureAwait(false);
        Oid[] sorted = [.. oids.Distinct().Order()];
        var leases = new List<CachedPackLease>();
        try
        {
            var chosen = new List<Compaction.PackSelection>();
            await WithPacksAsync(
                sorted,
                required: true,
                async (lease, indexes) =>
                {
                    int[] positions = [.. indexes.Select(i => PositionOf(lease, sorted[i]))];
                    await lease.Cached.EnsureObjectsAsync(positions, headersOnly: false, cancellationToken).ConfigureAwait(false);
                    CachedPackLease kept = await _packs.RentAsync(lease.Cached.Row, cancellationToken).ConfigureAwait(false);
                    leases.Add(kept);
                    chosen.Add(new Compaction.PackSelection(kept.Pack, positions));
                },
                cancellationToken).ConfigureAwait(false);

            // Deltas are kept against bases of earlier packs: the largest first has the most bases.
            return await Compaction.PackMerge.WriteStreamAsync([.. chosen.OrderByDescending(one => one.Count)], destination, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            leases.ForEach(lease => lease.Dispose());
        }
    }

    /// <summary>
    /// Finds the packs of a batch and shows each once, with the places in the batch of what it has. A pack that was merged into another
    /// one meanwhile, and whose blobs are gone, is looked up anew for what is left. What is not found is looked for once more after a look at
    /// the catalogue: whoever was told of an object, by a process that is ahead of this one, finds all that it reaches.
    /// </summary>
    /// <param name="oids">What to find; absent ones are passed over.</param>
    /// <param name="required">True: an absent one is an error.</param>
    /// <param name="visit">Gets the pack, rented until it ends, and places in <paramref name="oids"/>; may be called again with the same places after a <see cref="FileNotFoundException"/> of its own.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    private async Task WithPacksAsync(
        Oid[] oids, bool required, Func<CachedPackLease, IReadOnlyList<int>, Task> visit, CancellationToken cancellationToken)
    {
        int[] left = [.. Enumerable.Range(0, oids.Length)];
        for (int attempt = 0; left.Length > 0; attempt++)
        {
            long before = _index.Applied;
            (List<(CataloguePack Row, int[] Places)> packs, List<int> again, List<int> absent) = await GroupByPackAsync(oids, left, cancellationToken).ConfigureAwait(false);
            FileNotFoundException? vanished = null;
            foreach ((CataloguePack row, int[] places) in packs)
            {
                try
                {
                    using CachedPackLease lease = await _packs.RentAsync(row, cancellationToken).ConfigureAwait(false);
                    await visit(lease, places).ConfigureAwait(false);
                }
                catch (FileNotFoundException gone)
                {
                    vanished = gone;
                    again.AddRange(places);
                }
            }

            if (again.Count == 0 && absent.Count == 0)
            {
                return;
            }

            bool isChanged = await RefreshAsync(cancellationToken).ConfigureAwait(false) != before;
            left = isChanged ? [.. again, .. absent] : [.. again];
            if (!isChanged && required && absent.Count > 0)
            {
                throw new KeyNotFoundException($"Object {oids[absent[0]]} is not in the store.");
            }

            if (left.Length > 0 && ((!isChanged && attempt > 0) || attempt == Limits.ReadAttemptsMax))
            {
                throw new IOException($"Blobs of a visible pack are gone: {vanished?.Message ?? "it is not in the catalogue"}", vanished);
            }
        }
    }

    /// <summary>Which pack has what; and places to look up anew, because their pack is newer than this process's view; and places that no pack has.</summary>
    private async Task<(List<(CataloguePack Row, int[] Places)> Packs, List<int> Again, List<int> Absent)> GroupByPackAsync(
        Oid[] oids, int[] places, CancellationToken cancellationToken)
    {
        long[] sequences = new long[places.Length];
        await _index.LocateAsync(Array.ConvertAll(places, place => oids[place]), sequences, cancellationToken).ConfigureAwait(false);
        var byPack = new Dictionary<long, (CataloguePack Row, List<int> Places)>();
        var again = new List<int>();
        var absent = new List<int>();
        for (int i = 0; i < places.Length; i++)
        {
            if (sequences[i] < 0)
            {
                absent.Add(places[i]);
                continue;
            }

            if (!_view.TryResolve(sequences[i], out CataloguePack? row))
            {
                again.Add(places[i]);
                continue;
            }

            if (!byPack.TryGetValue(row.Sequence, out (CataloguePack Row, List<int> Places) one))
            {
                one = (row, []);
                byPack.Add(row.Sequence, one);
            }

            one.Places.Add(places[i]);
        }

        return ([.. byPack.Values.Select(one => (one.Row, one.Places.ToArray()))], again, absent);
    }

    private static int PositionOf(CachedPackLease lease, Oid oid) => lease.Pack.TryFind(oid, out int position)
        ? position
        : throw new InvalidDataException($"The object index says that pack {lease.Cached.Row.PackKey} has {oid}, which it has not.");

    /// <summary>Looks for what others committed, now.</summary>
    /// <returns>All up to this sequence is found from now on.</returns>
    private async Task<long> RefreshAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        long covered = await _index.RefreshAsync(cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _refreshed, _clock.GetTimestamp());
        Volatile.Write(ref _mustRefresh, false);
        return covered;
    }

    /// <summary>Looks for what others committed when the last look is too long ago. One reader does it, the others go on with what they know.</summary>
    private async ValueTask RefreshIfDueAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_disposed, this);
        long last = Volatile.Read(ref _refreshed);
        if (Volatile.Read(ref _mustRefresh))
        {
            _ = await RefreshAsync(cancellationToken).ConfigureAwait(false);
        }
        else if (_clock.GetElapsedTime(last) >= _options.RefreshInterval
            && Interlocked.CompareExchange(ref _refreshed, _clock.GetTimestamp(), last) == last)
        {
            _ = await RefreshAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
