using Actors.Git.Objects;
using Actors.Store.Catalogue;
using Actors.Store.Compaction;
using Actors.Store.Packs;

namespace Actors.Store.Objects;

public sealed partial class SharedObjectStore
{
    private const string CompactionLease = "compaction";

    /// <inheritdoc/>
    /// <remarks>One process does it at a time; when another does, nothing is done here.</remarks>
    public async Task<CompactionResult> CompactAsync(CompactionOptions options, CancellationToken cancellationToken)
    {
        await _compactions.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _ = await RefreshAsync(cancellationToken).ConfigureAwait(false);
            IReadOnlyList<CataloguePack> before = _view.Visible();
            long packBytesMax = Math.Min(options.PackBytesMax, _options.PackBytesMax);
            long dropped = await WithLeaseAsync(
                CompactionLease,
                () => MergeGroupsAsync(sizes => options.Full ? CompactionPlan.Full(sizes, packBytesMax) : [CompactionPlan.Geometric(sizes, packBytesMax, mergedAtOnce: 2)], options.Deltas, options.Progress, cancellationToken),
                cancellationToken).ConfigureAwait(false);
            await (options.Full ? _index.MergeAllAsync(cancellationToken) : MergeIndexAsync(cancellationToken)).ConfigureAwait(false);
            await SweepAsync(cancellationToken).ConfigureAwait(false);
            IReadOnlyList<CataloguePack> after = _view.Visible();
            return new CompactionResult(before.Count, after.Count, before.Sum(pack => pack.Bytes), after.Sum(pack => pack.Bytes), dropped);
        }
        finally
        {
            _ = _compactions.Release();
        }
    }

    /// <summary>
    /// Compacts as far as the geometric rule asks for, and only when enough has come together; for calling after every so
    /// many commits. When another compaction runs, here or in another process, nothing is done.
    /// </summary>
    /// <returns>Whether anything was merged.</returns>
    public async Task<bool> CompactIfDueAsync(CancellationToken cancellationToken)
    {
        if (!await _compactions.WaitAsync(0, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        try
        {
            await SweepIfDueAsync(cancellationToken).ConfigureAwait(false);
            await MergeIndexAsync(cancellationToken).ConfigureAwait(false);
            if (Due(SizesOf(_view.Visible())).Count == 0)
            {
                return false;
            }

            long last = await RefreshAsync(cancellationToken).ConfigureAwait(false);
            _ = await WithLeaseAsync(CompactionLease, () => MergeGroupsAsync(sizes => [Due(sizes)], deltas: false, null, cancellationToken), cancellationToken).ConfigureAwait(false);
            return _view.LastSequence > last;
        }
        finally
        {
            _ = _compactions.Release();
        }

        IReadOnlyList<Oid> Due(IReadOnlyList<PackSize> sizes) => CompactionPlan.Geometric(sizes, _options.PackBytesMax, _options.MergedAtOnce);
    }

    private async Task MergeIndexAsync(CancellationToken cancellationToken)
    {
        while (await _index.MergeStepAsync(cancellationToken).ConfigureAwait(false))
        {
        }
    }

    /// <summary>Plans name packs by oid; two visible packs may have one checksum, so here it is one that the sequence makes.</summary>
    private static PackSize[] SizesOf(IReadOnlyList<CataloguePack> packs) =>
        [.. packs.Select(pack => new PackSize(SequenceName.Of(pack.Sequence), pack.PackBytes, pack.IndexBytes))];

    private async Task<long> MergeGroupsAsync(
        Func<IReadOnlyList<PackSize>, IReadOnlyList<IReadOnlyList<Oid>>> plan, bool deltas, IProgress<(long Done, long Total)>? progress, CancellationToken cancellationToken)
    {
        // Under the lease, so that what another process has just merged is seen.
        _ = await RefreshAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<CataloguePack> visible = _view.Visible();
        Dictionary<Oid, CataloguePack> byName = visible.ToDictionary(pack => SequenceName.Of(pack.Sequence));
        CataloguePack[][] groups = [.. plan(SizesOf(visible)).Where(group => group.Count > 1).Select(group => group.Select(name => byName[name]).ToArray())];
        long total = groups.Sum(group => group.Sum(pack => pack.PackBytes));
        long done = 0;
        long dropped = 0;
        foreach (CataloguePack[] group in groups)
        {
            dropped += await MergePacksAsync(group, deltas, progress is null ? null : new ProgressOffset(progress, done, total), cancellationToken).ConfigureAwait(false);
            done += group.Sum(pack => pack.PackBytes);
            progress?.Report((done, total));
            if (!await _catalogue.TryLeaseAsync(CompactionLease, _leaseHolder, LeaseDuration, cancellationToken).ConfigureAwait(false))
            {
                break;
            }
        }

        return dropped;
    }

    /// <summary>
    /// 1. Fetches the packs whole. 2. Writes the merged one. 3. Uploads it. 4. One transaction makes it visible and the old ones replaced;
    /// it does nothing when another process has replaced one of them. The blobs of the old ones stay for readers that have not noticed.
    /// </summary>
    /// <returns>Second copies that are gone.</returns>
    private async Task<long> MergePacksAsync(CataloguePack[] group, bool deltas, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var leases = new List<CachedPackLease>();
        IncomingPack? merged = null;
        try
        {
            foreach (CataloguePack row in group)
            {
                leases.Add(await _packs.RentAsync(row, cancellationToken).ConfigureAwait(false));
                await leases[^1].Cached.EnsureAllAsync(cancellationToken).ConfigureAwait(false);
            }

            string packPath = _cache.NewPath(".pack");
            string indexPath = Path.ChangeExtension(packPath, ".idx");
            PackSelection[] all = PackSelection.AllOf([.. leases.Select(lease => lease.Pack)]);
            _ = await PackMerge.WriteFilesAsync(all, packPath, indexPath, fsync: false, deltas, progress, cancellationToken).ConfigureAwait(false);
            merged = IncomingPack.Open(packPath, indexPath, bases: null);
            Step("merged-written");
            return await PublishMergedAsync(merged, [.. group.Select(row => row.Sequence)], cancellationToken).ConfigureAwait(false)
                ? leases.Sum(lease => (long)lease.Pack.Count) - merged.Pack.Count
                : 0;
        }
        finally
        {
            leases.ForEach(lease => lease.Dispose());
            if (merged is not null)
            {
                merged.Dispose();
                File.Delete(merged.PackPath);
                File.Delete(merged.IndexPath);
            }
        }
    }

    private async Task<bool> PublishMergedAsync(IncomingPack merged, long[] replaces, CancellationToken cancellationToken)
    {
        UploadIntent upload = await UploadAsync(merged, cancellationToken).ConfigureAwait(false);
        try
        {
            // Nothing to compare: everything in it is visible already.
            var pack = new NewPack(merged.Checksum, merged.Pack.File.Length, merged.Pack.Index.Length, merged.Pack.Count, replaces);
            PackCommit commit = await _catalogue.CommitPackAsync(
                upload,
                pack,
                _ =>
                {
                    Step("commit-locked");
                    return Task.FromResult(true);
                },
                cancellationToken).ConfigureAwait(false);
            if (commit.Status == PackCommitStatus.Committed)
            {
                await SeeOwnAsync(upload, merged, isOurs: true).ConfigureAwait(false);
                return true;
            }

            await GiveUpAsync(upload).ConfigureAwait(false);
            return false;
        }
        catch
        {
            await GiveUpAsync(upload).ConfigureAwait(false);
            throw;
        }
    }
}
