namespace Actors.Store.Index;

internal sealed partial class ObjectIndex
{
    /// <summary>Commits with one more run; removes that run if it cannot.</summary>
    private void CommitNew(IndexRun? run, IndexManifest manifest, IReadOnlyList<IndexRun> others, MemoryTable? written)
    {
        bool isCommitted = false;
        try
        {
            Commit(manifest, run is null ? others : [.. others, run], written);
            isCommitted = true;
        }
        finally
        {
            run?.RemoveUser();
            if (run is not null && !isCommitted)
            {
                RemoveRuns([run.Sequence]);
            }
        }
    }

    /// <summary>The commit point of every change: the manifest is replaced, then what readers see.</summary>
    /// <param name="manifest">What is covered now; runs and unused redirects are filled in here.</param>
    /// <param name="runs">All runs.</param>
    /// <param name="written">The memory table that is in one of the runs now, if any.</param>
    private void Commit(IndexManifest manifest, IReadOnlyList<IndexRun> runs, MemoryTable? written)
    {
        IndexRun[] largestFirst = [.. runs.OrderByDescending(run => run.Count)];
        HashSet<int> used = [.. largestFirst.SelectMany(run => run.PackNumbers.ToArray()), .. _numbersInMerge];
        manifest = manifest with
        {
            NextRun = _nextRun,
            Redirects = manifest.Redirects.Where(redirect => used.Contains(redirect.Key)).ToDictionary(),
            Runs = [.. largestFirst.Select(run => new IndexManifestRun(run.Sequence, run.FileBytes, run.Checksum))],
        };
        DurableFiles.Replace(ManifestPath, manifest.Encode(), _options.Fsync);
        lock (_writing)
        {
            Install(new IndexSnapshot(manifest, largestFirst, [.. _current!.Memory.Where(table => table != written)], _handles));
        }
    }

    private void RemoveRuns(ReadOnlySpan<long> sequences)
    {
        foreach (long sequence in sequences)
        {
            try
            {
                File.Delete(IndexRun.PathOf(_directory, sequence));
            }
            catch (IOException)
            {
                // Mapped, where the system minds: removed when the index is opened next.
            }
        }
    }

    /// <summary>Replaces the memory tables; under the lock of writing.</summary>
    private void InstallMemory(IReadOnlyList<MemoryTable> memory) =>
        Interlocked.Exchange(ref _current, _current!.With(memory))!.Leave();

    private IndexSnapshot RequireWriter()
    {
        IndexSnapshot? snapshot = Volatile.Read(ref _current);
        ObjectDisposedException.ThrowIf(snapshot is null, this);
        return _readOnly ? throw new InvalidOperationException("This index is open read-only.") : snapshot;
    }
}
