namespace Actors.Store.Index;

internal sealed partial class ObjectIndex
{
    /// <summary>Publishes with one more run, whose ownership it takes.</summary>
    private void PublishNew(IndexRun? run, IndexManifest manifest, IReadOnlyList<IndexRun> others, MemoryTable? written)
    {
        try
        {
            Publish(manifest, run is null ? others : [.. others, run], written);
        }
        finally
        {
            run?.RemoveUser();
        }
    }

    /// <summary>Changes what readers see. Durable only with the next <see cref="Persist"/>: until then a crash loses the change, and nothing else.</summary>
    /// <param name="manifest">What is covered now; runs and unused redirects are filled in here.</param>
    /// <param name="runs">All runs.</param>
    /// <param name="written">The memory table that is in one of the runs now, if any.</param>
    private void Publish(IndexManifest manifest, IReadOnlyList<IndexRun> runs, MemoryTable? written)
    {
        IndexRun[] largestFirst = [.. runs.OrderByDescending(run => run.Count)];
        HashSet<long> used = [.. largestFirst.SelectMany(run => run.PackNumbers.ToArray()), .. _numbersInMerge];
        manifest = manifest with
        {
            NextRun = _nextRun,
            Redirects = manifest.Redirects.Where(redirect => used.Contains(redirect.Key)).ToDictionary(),
            Runs = [.. largestFirst.Select(run => new IndexManifestRun(run.Sequence, run.FileBytes, run.Checksum))],
        };
        lock (_writing)
        {
            Install(NewSnapshot(manifest, largestFirst, [.. _current!.Memory.Where(table => table != written)]));
        }

        _isPersisted = false;
    }

    /// <summary>
    /// The commit point: runs that are not on the disk yet are flushed, the manifest is replaced, runs that it names no more are
    /// removed. A run that was merged away before this is never flushed at all. False when all was persisted before.
    /// </summary>
    private bool Persist()
    {
        if (_isPersisted)
        {
            return false;
        }

        IndexSnapshot<IndexManifest> snapshot = RequireWriter();
        if (_options.Fsync)
        {
            foreach (IndexRun run in snapshot.Runs)
            {
                run.MakeDurable();
            }
        }

        DurableFiles.Replace(ManifestPath, snapshot.State.Encode(), _options.Fsync);
        _isPersisted = true;
        RemoveRuns([.. _retired]);
        _retired.Clear();
        return true;
    }

    private void RemoveRuns(ReadOnlySpan<long> sequences)
    {
        foreach (long sequence in sequences)
        {
            try
            {
                File.Delete(RunPath(sequence));
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

    private IndexSnapshot<IndexManifest> RequireWriter()
    {
        IndexSnapshot<IndexManifest>? snapshot = Volatile.Read(ref _current);
        ObjectDisposedException.ThrowIf(snapshot is null, this);
        return _readOnly ? throw new InvalidOperationException("This index is open read-only.") : snapshot;
    }
}
