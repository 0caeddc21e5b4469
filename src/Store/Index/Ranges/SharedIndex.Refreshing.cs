using Actors.Git.Objects;
using Actors.Store.Catalogue;

namespace Actors.Store.Index.Ranges;

internal sealed partial class SharedIndex
{
    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private readonly bool[] _wanted;
    private long _applied;
    private long _asked;
    private long _served;

    /// <summary>
    /// Takes in what the catalogue says by now: everything that was visible before the call is found after it. Cheap when nothing has
    /// changed; calls that wait for each other share one look.
    /// </summary>
    /// <returns>The sequence up to which every visible object is found from now on.</returns>
    /// <exception cref="IOException">Catalogue or blobs cannot be reached: what was found is found still.</exception>
    public async Task<long> RefreshAsync(CancellationToken cancellationToken)
    {
        long ticket = Interlocked.Increment(ref _asked);
        await _refreshing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_served < ticket)
            {
                long serves = Interlocked.Read(ref _asked);
                await RefreshHeldAsync(cancellationToken).ConfigureAwait(false);
                _served = serves;
            }

            return Applied;
        }
        finally
        {
            _refreshing.Release();
        }
    }

    private async Task RefreshHeldAsync(CancellationToken cancellationToken)
    {
        Dictionary<long, Oid[]> told = [];
        for (int attempt = 1; ; attempt++)
        {
            // Runs first: every pack that one of them names is in the list that is read after it.
            long generation = await _catalogue.ReadRunGenerationAsync(cancellationToken).ConfigureAwait(false);
            if (generation != _listed.Generation)
            {
                _listed.Take(generation, await _catalogue.ListRunsAsync(cancellationToken).ConfigureAwait(false));
            }

            int[] wanted = [.. Enumerable.Range(0, _ranges.Count).Where(range => _wanted[range])];
            List<CataloguePack> packs = await _catalogue.ListPacksAfterAsync(_view.LastSequence, LastCovered(wanted), cancellationToken).ConfigureAwait(false);
            foreach (CataloguePack pack in packs)
            {
                if (pack.Oids is { } oids)
                {
                    told[pack.Sequence] = oids;
                }
            }

            _view.Add(packs);
            long sequence = _view.LastSequence;
            try
            {
                await UpdateAsync(wanted, sequence, told, cancellationToken).ConfigureAwait(false);
                Volatile.Write(ref _applied, sequence);
                return;
            }
            catch (FileNotFoundException) when (attempt < Limits.IndexOpenAttemptsMax)
            {
                // A pack was merged away, and its index removed, since the list was read.
            }
        }
    }

    /// <summary>Up to this pack, all ranges to be had are in listed runs: nobody needs the packs' oids.</summary>
    private long LastCovered(int[] wanted) => wanted.Length == 0 ? long.MaxValue : wanted.Min(range => RangeState.LastOf(_listed.Readable(range)));

    private async Task UpdateAsync(int[] wanted, long sequence, Dictionary<long, Oid[]> told, CancellationToken cancellationToken)
    {
        var updates = new List<PendingRange>();
        try
        {
            foreach (int range in wanted)
            {
                updates.Add(await PrepareAsync(range, sequence, cancellationToken).ConfigureAwait(false));
            }

            await AddPacksAsync([.. updates.Where(update => update.Packs.Count > 0)], told, cancellationToken).ConfigureAwait(false);
            foreach (PendingRange update in updates)
            {
                update.Apply(sequence);
            }

            // Ranges appear when they are complete.
            var held = (RangeIndex?[])_held.Clone();
            foreach (PendingRange update in updates)
            {
                held[update.Range] = update.Index;
            }

            RangeIndex?[] before = Interlocked.Exchange(ref _held, held);
            foreach (PendingRange update in updates.Where(update => before[update.Range] != update.Index))
            {
                before[update.Range]?.Dispose();
            }
        }
        finally
        {
            foreach (PendingRange update in updates.Where(update => _held[update.Range] != update.Index))
            {
                update.Index.Dispose();
            }

            updates.ForEach(update => update.Dispose());
        }
    }

    /// <summary>Opens what is new among a range's runs, and finds out which packs are missing.</summary>
    private async Task<PendingRange> PrepareAsync(int range, long sequence, CancellationToken cancellationToken)
    {
        IReadOnlyList<CatalogueRun> readable = _listed.Readable(range);
        RangeIndex? index = _held[range];
        if (index is null || RangeState.LastOf(readable) < RangeState.LastOf(index.Listed))
        {
            // The second: a run was found to be damaged, so what came into its place is level zero again.
            index = new RangeIndex(_handles, () => _cache.NewPath(".oids"), _options.Range);
        }

        var pending = new PendingRange(range, index);
        try
        {
            foreach (CatalogueRun run in readable.Where(run => run.Entries > 0 && !index.Has(run.Id)))
            {
                if (await _listed.OpenAsync(run, cancellationToken).ConfigureAwait(false) is not { } opened)
                {
                    // It counts as not listed now.
                    Drop();
                    return await PrepareAsync(range, sequence, cancellationToken).ConfigureAwait(false);
                }

                pending.Opened.Add(opened);
            }

            pending.Listed = readable;
            long known = Math.Max(index.Applied, RangeState.LastOf(pending.Listed));
            pending.Packs = known < sequence ? [.. _view.VisibleAt(sequence, known)] : [];
            return pending;
        }
        catch
        {
            Drop();
            throw;
        }

        void Drop()
        {
            pending.Dispose();
            if (_held[range] != index)
            {
                index.Dispose();
            }
        }
    }

    /// <summary>Reads each pack's index, unless its oids were told, once for all ranges that lack it, some at once, and puts them in, in order, before there are too many in memory.</summary>
    private async Task AddPacksAsync(IReadOnlyList<PendingRange> updates, Dictionary<long, Oid[]> told, CancellationToken cancellationToken)
    {
        var lacking = new SortedDictionary<long, (CataloguePack Pack, List<PendingRange> Ranges)>();
        foreach (PendingRange update in updates)
        {
            foreach (CataloguePack pack in update.Packs)
            {
                if (!lacking.TryGetValue(pack.Sequence, out (CataloguePack Pack, List<PendingRange> Ranges) known))
                {
                    lacking.Add(pack.Sequence, known = (pack, []));
                }

                known.Ranges.Add(update);
            }
        }

        foreach ((CataloguePack Pack, List<PendingRange> Ranges)[] some in lacking.Values.Chunk(_options.ReadsMax))
        {
            Oid[][][] slices = await Task.WhenAll(some.Select(one =>
            {
                int[] ranges = [.. one.Ranges.Select(update => update.Range)];
                return told.TryGetValue(one.Pack.Sequence, out Oid[]? oids)
                    ? Task.FromResult(_slices.Cut(oids, ranges))
                    : _slices.ReadAsync(one.Pack, ranges, cancellationToken);
            })).ConfigureAwait(false);
            for (int i = 0; i < some.Length; i++)
            {
                for (int r = 0; r < some[i].Ranges.Count; r++)
                {
                    some[i].Ranges[r].Add(some[i].Pack.Sequence, slices[i][r]);
                }
            }
        }
    }
}
