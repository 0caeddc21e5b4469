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
        if (!_readOnly && sortedOids.Length >= _options.MemoryOidsMax / 8)
        {
            AddRun(pack, sortedOids);
            return;
        }

        int waiting;
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_current is null, this);
            if (!_covered.Add(pack))
            {
                return;
            }

            MemoryTable before = _current.Memory[^1];
            MemoryTable memory = before.Add(_handles.Of(pack), sortedOids);
            bool isFull = !_readOnly && (memory.Count >= _options.MemoryOidsMax || memory.Packs.Count >= _options.MemoryPacksMax);
            if (isFull || !ReferenceEquals(memory, before))
            {
                InstallMemory(isFull ? [.. _current.Memory.SkipLast(1), memory, memory.Emptied()] : [.. _current.Memory.SkipLast(1), memory]);
            }

            waiting = _current.Memory.Count - 1;
        }

        if (waiting > _options.WaitingTablesMax)
        {
            lock (_committing)
            {
                WriteWaiting();
                Persist();
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
        lock (_committing)
        {
            Flush();
            IndexManifest manifest = RequireWriter().State;
            if (replaced.FirstOrDefault(pack => !manifest.Packs.ContainsKey(pack)) is { IsZero: false } unknown)
            {
                throw new ArgumentException($"Pack {unknown} is not in the index.", nameof(replaced));
            }

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

            Publish(manifest with { Packs = packs, Redirects = redirects, NextPack = nextPack }, _current!.Runs, written: null);
            Persist();
        }
    }

    /// <summary>Writes what is in memory to runs. Everything that was added before is durable when it returns.</summary>
    public void Flush()
    {
        lock (_committing)
        {
            lock (_writing)
            {
                MemoryTable memory = RequireWriter().Memory[^1];
                if (memory.Packs.Count > 0)
                {
                    InstallMemory([.. _current!.Memory, memory.Emptied()]);
                }
            }

            WriteWaiting();
            Persist();
        }
    }

    /// <summary>Covers nothing any more. For a reader: until the writer's manifest changes.</summary>
    public void Clear()
    {
        lock (_committing)
        {
            lock (_writing)
            {
                ObjectDisposedException.ThrowIf(_current is null, this);
                IReadOnlyList<MemoryTable> memory = [MemoryTable.Create(_options.Seed)];
                if (_readOnly)
                {
                    Install(NewSnapshot(IndexManifest.Empty, [], memory));
                    return;
                }

                InstallMemory(memory);
            }

            _retired.AddRange(_current.Runs.Select(run => run.Sequence));
            Publish(IndexManifest.Empty, [], written: null);
            Persist();
        }
    }

    private void AddRun(Oid pack, ReadOnlySpan<Oid> oids)
    {
        lock (_committing)
        {
            IndexManifest manifest = RequireWriter().State;
            if (Covers(pack))
            {
                return;
            }

            int number = manifest.NextPack;
            IndexRun? run = IndexRunWriter.Write(RunPath(_nextRun), _nextRun++, oids, number, _options);
            var packs = new Dictionary<Oid, int>(manifest.Packs) { { pack, number } };
            PublishNew(run, manifest with { Packs = packs, NextPack = number + 1 }, _current!.Runs, written: null);
        }
    }

    /// <summary>Turns full memory tables into runs, oldest first; not durable yet. False when there was none.</summary>
    private bool WriteWaiting()
    {
        bool any = false;
        lock (_committing)
        {
            while (RequireWriter().Memory is { Count: > 1 } memory)
            {
                Write(memory[0]);
                any = true;
            }
        }

        return any;
    }

    private void Write(MemoryTable memory)
    {
        IndexManifest manifest = _current!.State;
        var packs = new Dictionary<Oid, int>(manifest.Packs);
        long[] numbers = new long[memory.Packs.Count];
        for (int place = 0; place < numbers.Length; place++)
        {
            numbers[place] = manifest.NextPack + place;
            packs.Add(_handles.PackOf(memory.Packs[place]), manifest.NextPack + place);
        }

        IndexRun? run = IndexRunWriter.Write(RunPath(_nextRun), _nextRun++, memory, numbers, _options);
        manifest = manifest with { Packs = packs, NextPack = manifest.NextPack + numbers.Length };
        PublishNew(run, manifest, _current.Runs, memory);
    }

    private bool Covers(Oid pack)
    {
        lock (_writing)
        {
            return _covered.Contains(pack);
        }
    }
}
