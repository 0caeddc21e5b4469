using Actors.Git.Objects;
using Actors.Store.Compaction;
using Actors.Store.Index;
using Actors.Store.Packs;

namespace Actors.Store.Objects;

public sealed partial class LocalObjectStore
{
    /// <inheritdoc/>
    public async Task<CompactionResult> CompactAsync(CompactionOptions options, CancellationToken cancellationToken)
    {
        DemandWriter();
        await _compactions.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            IReadOnlyList<PackSize> before = _packs.Sizes();
            IReadOnlyList<IReadOnlyList<Oid>> groups = options.Full
                ? CompactionPlan.Full(before, options.PackBytesMax)
                : [CompactionPlan.Geometric(before, options.PackBytesMax, mergedAtOnce: 2)];
            long dropped = await MergeGroupsAsync(groups, options.Deltas, options.Progress, cancellationToken).ConfigureAwait(false);
            MergeIndex(options.Full, cancellationToken);
            IReadOnlyList<PackSize> after = _packs.Sizes();
            return new CompactionResult(before.Count, after.Count, before.Sum(pack => pack.Bytes), after.Sum(pack => pack.Bytes), dropped);
        }
        finally
        {
            _ = _compactions.Release();
        }
    }

    /// <summary>
    /// Compacts as far as the geometric rule asks for, and only when enough has come together; for calling after every so
    /// many commits. When another compaction runs, nothing is done.
    /// </summary>
    /// <returns>Whether anything was merged.</returns>
    public async Task<bool> CompactIfDueAsync(CancellationToken cancellationToken)
    {
        DemandWriter();
        if (!await _compactions.WaitAsync(0, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        try
        {
            IReadOnlyList<Oid> due = CompactionPlan.Geometric(_packs.Sizes(), new CompactionOptions().PackBytesMax, _options.MergedAtOnce);
            _ = await MergeGroupsAsync([due], deltas: false, null, cancellationToken).ConfigureAwait(false);
            return MergeIndex(full: false, cancellationToken) || due.Count > 0;
        }
        finally
        {
            _ = _compactions.Release();
        }
    }

    private async Task<long> MergeGroupsAsync(
        IReadOnlyList<IReadOnlyList<Oid>> groups, bool deltas, IProgress<(long Done, long Total)>? progress, CancellationToken cancellationToken)
    {
        Dictionary<Oid, long> sizes = _packs.Sizes().ToDictionary(pack => pack.Name, pack => pack.PackBytes);
        long total = groups.Sum(group => group.Sum(pack => sizes[pack]));
        long done = 0;
        long dropped = 0;
        foreach (IReadOnlyList<Oid> group in groups.Where(group => group.Count > 1))
        {
            long start = done;
            dropped += await MergePacksAsync(group, deltas, progress is null ? null : new ProgressOffset(progress, start, total), cancellationToken).ConfigureAwait(false);
            done += group.Sum(pack => sizes[pack]);
            progress?.Report((done, total));
        }

        return dropped;
    }

    /// <summary>
    /// 1. Writes the new pack beside. 2. Publishes it as any other. 3. Tells the index, durably. 4. Removes the old packs. After
    /// a crash in between old and new are both there, which is one copy too many and nothing worse.
    /// </summary>
    /// <returns>Second copies that are gone.</returns>
    private async Task<long> MergePacksAsync(IReadOnlyList<Oid> group, bool deltas, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        string directory = CreateIncoming();
        var leases = new List<PackLease>();
        try
        {
            foreach (Oid pack in group)
            {
                leases.Add(_packs.TryRent(pack, out PackLease? lease) ? lease : throw new IOException($"Pack {pack} has vanished."));
            }

            PackSelection[] all = PackSelection.AllOf([.. leases.Select(lease => lease.Pack)]);
            string packPath = Path.Combine(directory, "merged.pack");
            string indexPath = Path.Combine(directory, "merged.idx");
            _ = await PackMerge.WriteFilesAsync(all, packPath, indexPath, _options.Fsync, deltas, progress, cancellationToken).ConfigureAwait(false);
            using var merged = IncomingPack.Open(packPath, indexPath, bases: null);
            Step("merged-written");
            await _commits.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                _ = Publish(merged);
                Oid[] replaced = [.. group.Where(pack => pack != merged.Checksum)];
                _index.ReplacePacks(replaced, merged.Checksum);
                Step("index-replaced");
                foreach (Oid pack in replaced)
                {
                    RemovePack(pack);
                }
            }
            finally
            {
                _ = _commits.Release();
            }

            return leases.Sum(lease => (long)lease.Pack.Count) - merged.Pack.Count;
        }
        finally
        {
            leases.ForEach(lease => lease.Dispose());
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Removes a pack whose objects are in another visible one. The index goes first: a pack without one is not visible.</summary>
    private void RemovePack(Oid pack)
    {
        _packs.Remove(pack);
        File.Delete(_layout.IndexFile(pack));
        Step("old-idx-removed");
        File.Delete(_layout.PackFile(pack));
        Step("old-pack-removed");
    }

    private bool MergeIndex(bool full, CancellationToken cancellationToken)
    {
        if (full)
        {
            _index.MergeAll(cancellationToken);
            return true;
        }

        bool merged = false;
        while (_index.MergeStep(cancellationToken))
        {
            merged = true;
        }

        return merged;
    }
}
