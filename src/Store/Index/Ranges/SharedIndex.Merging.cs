using Actors.Store.Blobs;
using Actors.Store.Catalogue;

namespace Actors.Store.Index.Ranges;

internal sealed partial class SharedIndex
{
    /// <summary>
    /// Makes a run of level zero for one range that is due, merged with what the rule asks for, and lists it. For calling between
    /// syncs, by every process: the range's lease says who does it. Look-ups go on meanwhile.
    /// </summary>
    /// <returns>False when there was nothing to do, or others do it.</returns>
    /// <exception cref="IOException">Catalogue or blobs cannot be reached; nothing has changed.</exception>
    public async Task<bool> MergeStepAsync(CancellationToken cancellationToken)
    {
        foreach (int range in Held.Where(IsDue))
        {
            if (await TryMergeAsync(range, _options.Range.MergeFactor, cancellationToken).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Makes one run of each range that is here, or as few as a run's limit allows.</summary>
    /// <exception cref="IOException">Catalogue or blobs cannot be reached; what was done stays.</exception>
    public async Task MergeAllAsync(CancellationToken cancellationToken)
    {
        foreach (int range in Held)
        {
            await TryMergeAsync(range, int.MaxValue, cancellationToken).ConfigureAwait(false);
        }
    }

    private bool IsDue(int range) => Volatile.Read(ref _held)[range] is { } index
        && (index.LevelZeroOids >= _options.LevelZeroOidsMax
            || index.Applied - RangeState.LastOf(index.Listed) >= _options.LevelZeroPacksMax
            || index.Listed.Count < _listed.Of(range).Count);

    private async Task<bool> TryMergeAsync(int range, int factor, CancellationToken cancellationToken)
    {
        // 1. The right to change the range, kept as long as this takes.
        if (await _catalogue.TryLeaseRangeAsync(range, 0, _options.LeaseDuration, cancellationToken).ConfigureAwait(false) is not { } lease)
        {
            return false;
        }

        using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task keeping = KeepAsync(lease, lost);
        try
        {
            return await MergeAsync(lease, factor, lost.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Another has the lease.
            return false;
        }
        finally
        {
            await lost.CancelAsync().ConfigureAwait(false);
            await keeping.ConfigureAwait(false);
            await ReturnAsync(lease).ConfigureAwait(false);
        }
    }

    private async Task ReturnAsync(IndexLease lease)
    {
        try
        {
            await _catalogue.ReturnRangeAsync(lease, CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It ends by itself.
        }
    }

    private async Task<bool> MergeAsync(IndexLease lease, int factor, CancellationToken cancellationToken)
    {
        // 2. The newest state; nobody else changes the range's runs from here on.
        await RefreshAsync(cancellationToken).ConfigureAwait(false);
        if (await ChooseAsync(lease.Range, factor, cancellationToken).ConfigureAwait(false) is not { } chosen)
        {
            return false;
        }

        // 3. The file.
        string path = _cache.NewPath(".oids");
        UploadIntent? upload = null;
        try
        {
            CatalogueRun run = await Task.Run(() => WriteMerged(chosen, path, cancellationToken), cancellationToken).ConfigureAwait(false);

            // 4. Up, under a name that is noted before.
            upload = await _catalogue.BeginUploadAsync(id => [BlobNames.Run(lease.Range, id)], cancellationToken).ConfigureAwait(false);
            run = run with { Id = upload.Id, Key = upload.Keys[0] };
            if (run.Entries > 0)
            {
                await UploadAsync(run, path, cancellationToken).ConfigureAwait(false);
            }

            // 5. Listed in one step, if nobody has taken the lease meanwhile.
            if (!await _catalogue.ListRunAsync(lease, chosen.Replaced, run, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }
        finally
        {
            chosen.Snapshot.Leave();
            File.Delete(path);
        }

        await RefreshAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task<MergeChoice?> ChooseAsync(int range, int factor, CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_held[range] is not { } index)
            {
                return null;
            }

            index.Spill();
            IndexSnapshot<RangeState> snapshot = index.Enter();
            var choice = MergeChoice.Of(range, snapshot, index.Applied, _listed.Of(range), factor);
            if (choice is null)
            {
                snapshot.Leave();
            }

            return choice;
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <summary>Records go over to the packs that have the objects now.</summary>
    private CatalogueRun WriteMerged(MergeChoice chosen, string path, CancellationToken cancellationToken)
    {
        var run = new CatalogueRun(0, 0, chosen.Range, chosen.First, chosen.Last, default, 0, 0, ReadOnlyMemory<byte>.Empty);
        if (chosen.Runs.Count == 0)
        {
            return run;
        }

        IndexRun merged = IndexRunMerge.Merge(
            chosen.Runs, pack => _view.TryResolve(pack, out CataloguePack? now) ? now.Sequence : pack, path, 0, _options.Range, cancellationToken);
        try
        {
            return run with { Entries = merged.Count, Bytes = merged.FileBytes, Checksum = ListedRuns.ChecksumOf(merged) };
        }
        finally
        {
            merged.RemoveUser();
        }
    }

    private async Task UploadAsync(CatalogueRun run, string path, CancellationToken cancellationToken)
    {
        var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous);
        await using (content.ConfigureAwait(false))
        {
            await _blobs.PutAsync(run.Key, content, BlobPutOptions.Replace, cancellationToken).ConfigureAwait(false);
        }

        _cache.Adopt(run.Key, path);
    }

    /// <summary>Says that the lease goes on, until it is cancelled or the lease is another's.</summary>
    private async Task KeepAsync(IndexLease lease, CancellationTokenSource lost)
    {
        try
        {
            while (true)
            {
                await Task.Delay(_options.LeaseDuration / 3, _clock, lost.Token).ConfigureAwait(false);
                if (await _catalogue.TryLeaseRangeAsync(lease.Range, lease.Token, _options.LeaseDuration, lost.Token).ConfigureAwait(false) is null)
                {
                    await lost.CancelAsync().ConfigureAwait(false);
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or IOException)
        {
            // Done; or the catalogue cannot be reached, and the transaction that lists the run will say.
        }
    }
}
