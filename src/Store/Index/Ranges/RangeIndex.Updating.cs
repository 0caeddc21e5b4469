using Actors.Git.Objects;
using Actors.Store.Catalogue;

namespace Actors.Store.Index.Ranges;

internal sealed partial class RangeIndex
{
    /// <summary>A pack with such a share of the oids that fill the memory table goes to a run at once.</summary>
    private const int SpillFraction = 8;

    /// <summary>Goes over to a newer state. Readers see the change of runs in one step; packs are found from the moment on when each is added.</summary>
    /// <exception cref="IOException">The local disk refuses; the state is the one before, but that some packs may be found already.</exception>
    public void Apply(RangeUpdate update)
    {
        IndexSnapshot<RangeState> before = Current;
        long last = RangeState.LastOf(update.Listed);
        var spilled = before.State.Spilled.Where(run => run.Value > last).ToDictionary();
        List<IndexRun> runs = RunsOf(update, before, spilled);
        var spills = new List<IndexRun>();
        MemoryTable table = last > before.State.Last ? before.Memory[0].Without(handle => _handles.PackOf(handle) <= last) : before.Memory[0];
        try
        {
            foreach ((long pack, ReadOnlyMemory<Oid> oids) in update.Added)
            {
                table = Add(pack, oids.Span, table, spills, spilled);
            }

            if (spills.Count > 0 || table != before.Memory[0] || !runs.ToHashSet().SetEquals(before.Runs) || update.Listed.Count != before.State.Listed.Count || last != before.State.Last)
            {
                Install(new RangeState(update.Listed, spilled), [.. runs, .. spills], table);
            }
        }
        finally
        {
            // The snapshot has its own share in each.
            spills.ForEach(run => run.RemoveUser());
            foreach (IndexRun run in update.Opened)
            {
                run.RemoveUser();
            }
        }

        Volatile.Write(ref _applied, update.Sequence);
    }

    /// <summary>Moves what is in memory to a run: all of level zero is in runs then, which a merge can read.</summary>
    public void Spill()
    {
        IndexSnapshot<RangeState> before = Current;
        var spilled = before.State.Spilled.ToDictionary();
        if (SpillTable(before.Memory[0], spilled) is { } run)
        {
            try
            {
                Install(before.State with { Spilled = spilled }, [.. before.Runs, run], before.Memory[0].Emptied());
            }
            finally
            {
                run.RemoveUser();
            }
        }
    }

    private static List<IndexRun> RunsOf(RangeUpdate update, IndexSnapshot<RangeState> before, Dictionary<long, long> spilled)
    {
        List<IndexRun> runs = [.. before.Runs.Where(run => spilled.ContainsKey(run.Sequence))];
        foreach (CatalogueRun listed in update.Listed.Where(run => run.Entries > 0))
        {
            runs.Add(update.Opened.Concat(before.Runs).First(run => run.Sequence == listed.Id));
        }

        return runs;
    }

    private MemoryTable Add(long pack, ReadOnlySpan<Oid> oids, MemoryTable table, List<IndexRun> spills, Dictionary<long, long> spilled)
    {
        if (oids.Length > 0 && oids.Length >= _options.MemoryOidsMax / SpillFraction)
        {
            long name = --_spills;
            spills.Add(Keep(IndexRunWriter.Write(_newPath(), name, oids, pack, _options)!));
            spilled.Add(name, pack);
            return table;
        }

        int handle = _handles.Of(pack);
        if (oids.Length == 0 || table.Packs.Contains(handle))
        {
            // The second: an update that failed half-way is made again.
            return table;
        }

        table = table.Add(handle, oids);
        if (table.Count >= _options.MemoryOidsMax && SpillTable(table, spilled) is { } run)
        {
            spills.Add(run);
            return table.Emptied();
        }

        return table;
    }

    private IndexRun? SpillTable(MemoryTable table, Dictionary<long, long> spilled)
    {
        if (table.Count == 0)
        {
            return null;
        }

        long[] packs = [.. table.Packs.Select(_handles.PackOf)];
        long name = --_spills;
        IndexRun run = Keep(IndexRunWriter.Write(_newPath(), name, table, packs, _options)!);
        spilled.Add(name, packs.Max());
        return run;
    }

    private void Install(RangeState state, IReadOnlyList<IndexRun> runs, MemoryTable table) =>
        Interlocked.Exchange(ref _current, Snapshot(state, [.. runs.OrderByDescending(run => run.Count)], table))!.Leave(); // The largest run answers most.

    private static IndexRun Keep(IndexRun run)
    {
        run.KeepWith(new RemovedFile(run.Path));
        return run;
    }

    /// <summary>A file that goes when nobody reads it any more.</summary>
    private sealed class RemovedFile(string path) : IDisposable
    {
        public void Dispose() => File.Delete(path);
    }
}
