using Actors.Git.Objects;

namespace Actors.Store.Index;

internal sealed partial class ObjectIndex
{
    /// <summary>Makes a pack's objects findable, all at once. A pack that is covered already changes nothing.</summary>
    /// <param name="pack">Names it.</param>
    /// <param name="sortedOids">Its objects in order, as in its <c>.idx</c>.</param>
    /// <exception cref="ArgumentException">The oids are not in order.</exception>
    /// <exception cref="IOException">A run could not be written; what was covered stays so.</exception>
    public void AddPack(Oid pack, ReadOnlySpan<Oid> sortedOids)
    {
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_current is null, this);
            if (_covered.Contains(pack))
            {
                return;
            }

            if (!_readOnly && sortedOids.Length >= _options.MemoryOidsMax / 2)
            {
                AddRun(pack, sortedOids);
                return;
            }

            MemoryTable memory = _current.Memory.Add(_handles.Of(pack), sortedOids);
            if (!ReferenceEquals(memory, _current.Memory))
            {
                Interlocked.Exchange(ref _current, _current.With(memory)).Leave();
            }

            _covered.Add(pack);
            if (!_readOnly && (memory.Count >= _options.MemoryOidsMax || memory.Packs.Count >= _options.MemoryPacksMax))
            {
                FlushMemory();
            }
        }
    }

    /// <summary>
    /// After a compaction: all objects of some packs are in one other now. Durable when it returns, so the replaced packs
    /// may be removed then. Takes as long as a manifest is large; the runs themselves change when they are merged.
    /// </summary>
    /// <param name="replaced">Covered packs.</param>
    /// <param name="merged">The pack with all their objects; it is covered from now on.</param>
    /// <exception cref="ArgumentException">A replaced pack is not covered: then <paramref name="merged"/> has to be added.</exception>
    public void ReplacePacks(IReadOnlyList<Oid> replaced, Oid merged)
    {
        lock (_writing)
        {
            RequireWriter();
            if (replaced.FirstOrDefault(pack => !_covered.Contains(pack)) is { IsZero: false } unknown)
            {
                throw new ArgumentException($"Pack {unknown} is not in the index.", nameof(replaced));
            }

            FlushMemory();
            IndexManifest manifest = _current!.Manifest;
            var packs = new Dictionary<Oid, int>(manifest.Packs);
            int nextPack = manifest.NextPack;
            if (!packs.TryGetValue(merged, out int target))
            {
                target = nextPack++;
                packs.Add(merged, target);
            }

            var redirects = new Dictionary<int, int>(manifest.Redirects);
            var gone = new HashSet<int>();
            foreach (Oid pack in replaced.Where(pack => pack != merged))
            {
                if (packs.Remove(pack, out int number))
                {
                    gone.Add(number);
                    redirects[number] = target;
                }
            }

            foreach ((int from, int to) in manifest.Redirects)
            {
                redirects[from] = gone.Contains(to) ? target : to;
            }

            Commit(manifest with { Packs = packs, Redirects = redirects, NextPack = nextPack }, _current.Runs, _current.Memory);
        }
    }

    /// <summary>Writes the memory table to a run. Everything that was added before is durable when it returns.</summary>
    public void Flush()
    {
        lock (_writing)
        {
            RequireWriter();
            FlushMemory();
        }
    }

    /// <summary>Covers nothing any more. For a reader: until the writer's manifest changes.</summary>
    public void Clear()
    {
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_current is null, this);
            IndexManifest empty = IndexManifest.Empty with { NextRun = _nextRun };
            MemoryTable memory = MemoryTable.Create(_options.Seed);
            if (_readOnly)
            {
                Install(new IndexSnapshot(empty, [], memory, _handles));
                return;
            }

            IReadOnlyList<IndexRun> runs = _current.Runs;
            long[] sequences = [.. runs.Select(run => run.Sequence)];
            Commit(empty, [], memory);
            RemoveRuns(sequences);
        }
    }

    /// <summary>Merges some runs, if the rule asks for it. Readers and additions go on meanwhile.</summary>
    /// <returns>False when there was nothing to merge.</returns>
    /// <exception cref="InvalidDataException">A run is damaged: <see cref="Clear"/>, and add the packs again.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing changed.</exception>
    public bool MergeStep(CancellationToken cancellationToken) =>
        Merge(runs => IndexRunMerge.CountToMerge([.. runs.Select(run => run.Count)], _options.MergeFactor), cancellationToken);

    /// <summary>Flushes, and merges all runs into one (or as few as a run's limit allows).</summary>
    /// <exception cref="InvalidDataException">A run is damaged: <see cref="Clear"/>, and add the packs again.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; what was done stays.</exception>
    public void MergeAll(CancellationToken cancellationToken)
    {
        Flush();
        while (Merge(runs => IndexRunMerge.CountToMerge([.. runs.Select(run => run.Count)], int.MaxValue), cancellationToken))
        {
        }
    }

    private bool Merge(Func<IReadOnlyList<IndexRun>, int> choose, CancellationToken cancellationToken)
    {
        lock (_merging)
        {
            IndexSnapshot snapshot;
            List<IndexRun> chosen;
            long sequence;
            lock (_writing)
            {
                RequireWriter();
                snapshot = Enter();
                chosen = [.. snapshot.Runs.OrderBy(run => run.Count)];
                chosen = chosen[..choose(chosen)];
                sequence = chosen.Count > 1 ? _nextRun++ : 0;
            }

            try
            {
                if (chosen.Count < 2)
                {
                    return false;
                }

                IReadOnlyDictionary<int, int> redirects = snapshot.Manifest.Redirects;
                IndexRun merged = IndexRunMerge.Merge(
                    chosen, number => redirects.GetValueOrDefault(number, number), _directory, sequence, _options, cancellationToken);
                Exchange(chosen, merged);
                return true;
            }
            finally
            {
                snapshot.Leave();
            }
        }
    }

    private void Exchange(List<IndexRun> chosen, IndexRun merged)
    {
        lock (_writing)
        {
            if (_current is null || chosen.Exists(run => !_current.Runs.Contains(run)))
            {
                // Cleared meanwhile.
                merged.RemoveUser();
                RemoveRuns([merged.Sequence]);
                return;
            }

            CommitNew(merged, _current.Manifest, [.. _current.Runs.Except(chosen)], _current.Memory);
            RemoveRuns([.. chosen.Select(run => run.Sequence)]);
        }
    }

    private void AddRun(Oid pack, ReadOnlySpan<Oid> oids)
    {
        IndexManifest manifest = _current!.Manifest;
        int number = manifest.NextPack;
        using var writer = new IndexRunWriter(_directory, _nextRun++, oids.Length, [number], _options);
        foreach (ref readonly Oid oid in oids)
        {
            writer.Append(oid, 0);
        }

        var packs = new Dictionary<Oid, int>(manifest.Packs) { { pack, number } };
        CommitNew(writer.Complete(), manifest with { Packs = packs, NextPack = number + 1 }, _current.Runs, _current.Memory);
    }

    private void FlushMemory()
    {
        MemoryTable memory = _current!.Memory;
        if (memory.Packs.Count == 0)
        {
            return;
        }

        IndexManifest manifest = _current.Manifest;
        var packs = new Dictionary<Oid, int>(manifest.Packs);
        var places = new Dictionary<int, int>();
        int[] numbers = new int[memory.Packs.Count];
        for (int place = 0; place < numbers.Length; place++)
        {
            numbers[place] = manifest.NextPack + place;
            places.Add(memory.Packs[place], place);
            packs.Add(_handles.PackOf(memory.Packs[place]), numbers[place]);
        }

        (Oid[] oids, int[] handles) = memory.Sorted();
        IndexRun? run = null;
        if (oids.Length > 0)
        {
            using var writer = new IndexRunWriter(_directory, _nextRun++, oids.Length, numbers, _options);
            for (int i = 0; i < oids.Length; i++)
            {
                writer.Append(oids[i], places[handles[i]]);
            }

            run = writer.Complete();
        }

        manifest = manifest with { Packs = packs, NextPack = manifest.NextPack + numbers.Length };
        CommitNew(run, manifest, _current.Runs, MemoryTable.Create(_options.Seed));
    }

    /// <summary>Commits with one more run; removes that run if it cannot.</summary>
    private void CommitNew(IndexRun? run, IndexManifest manifest, IReadOnlyList<IndexRun> others, MemoryTable memory)
    {
        bool isCommitted = false;
        try
        {
            Commit(manifest, run is null ? others : [.. others, run], memory);
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
    private void Commit(IndexManifest manifest, IReadOnlyList<IndexRun> runs, MemoryTable memory)
    {
        IndexRun[] largestFirst = [.. runs.OrderByDescending(run => run.Count)];
        HashSet<int> used = [.. largestFirst.SelectMany(run => run.PackNumbers.ToArray())];
        manifest = manifest with
        {
            NextRun = _nextRun,
            Redirects = manifest.Redirects.Where(redirect => used.Contains(redirect.Key)).ToDictionary(),
            Runs = [.. largestFirst.Select(run => new IndexManifestRun(run.Sequence, run.FileBytes, run.Checksum))],
        };
        var snapshot = new IndexSnapshot(manifest, largestFirst, memory, _handles);
        try
        {
            DurableFiles.Replace(ManifestPath, manifest.Encode(), _options.Fsync);
        }
        catch
        {
            snapshot.Leave();
            throw;
        }

        Install(snapshot);
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

    private void RequireWriter()
    {
        ObjectDisposedException.ThrowIf(_current is null, this);
        if (_readOnly)
        {
            throw new InvalidOperationException("This index is open read-only.");
        }
    }
}
