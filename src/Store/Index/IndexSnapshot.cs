using Actors.Git.Objects;

namespace Actors.Store.Index;

/// <summary>
/// What readers see: some runs and memory tables. Replaced as a whole by the writer; lives until its last reader has gone.
/// </summary>
internal sealed class IndexSnapshot
{
    private readonly int[][] _packOfPlace;
    private int _users = 1;

    /// <summary>Uses the runs until the last <see cref="Leave"/>.</summary>
    public IndexSnapshot(IndexManifest manifest, IReadOnlyList<IndexRun> runs, IReadOnlyList<MemoryTable> memory, PackHandles handles)
    {
        (Manifest, Runs, Memory) = (manifest, runs, memory);
        Dictionary<int, Oid> packs = manifest.PacksByNumber();
        _packOfPlace = new int[runs.Count][];
        for (int run = 0; run < runs.Count; run++)
        {
            _packOfPlace[run] = new int[runs[run].PackNumbers.Length];
            for (int place = 0; place < _packOfPlace[run].Length; place++)
            {
                _packOfPlace[run][place] = packs.TryGetValue(runs[run].PackNumbers[place], out Oid pack)
                    ? handles.Of(pack)
                    : throw new InvalidDataException($"Index run {runs[run].Sequence} names a pack that the manifest does not.");
            }
        }

        foreach (IndexRun run in runs)
        {
            run.AddUser();
        }
    }

    private IndexSnapshot(IndexSnapshot other, IReadOnlyList<MemoryTable> memory)
    {
        (Manifest, Runs, Memory, _packOfPlace) = (other.Manifest, other.Runs, memory, other._packOfPlace);
        foreach (IndexRun run in Runs)
        {
            run.AddUser();
        }
    }

    public IndexManifest Manifest { get; }

    public IReadOnlyList<IndexRun> Runs { get; }

    /// <summary>The tables that wait to become runs, oldest first, and last the one that is being filled.</summary>
    public IReadOnlyList<MemoryTable> Memory { get; }

    /// <summary>The same runs, other memory tables.</summary>
    public IndexSnapshot With(IReadOnlyList<MemoryTable> memory) => new(this, memory);

    /// <summary>Begins to use it. False when it is too late: there is a newer one.</summary>
    public bool TryEnter()
    {
        int users = Volatile.Read(ref _users);
        while (users > 0)
        {
            int seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return true;
            }

            users = seen;
        }

        return false;
    }

    /// <summary>Ends a use; also the owner's own.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            foreach (IndexRun run in Runs)
            {
                run.RemoveUser();
            }
        }
    }

    /// <summary>Looks up a batch; -1 where an oid is not here.</summary>
    public void Locate(ReadOnlySpan<Oid> oids, Span<int> packs)
    {
        packs.Fill(-1);

        // The largest run answers most.
        for (int run = 0; run < Runs.Count; run++)
        {
            Runs[run].Locate(oids, packs, _packOfPlace[run]);
        }

        foreach (MemoryTable table in Memory)
        {
            table.Locate(oids, packs);
        }
    }

    /// <summary>Shows every record of the runs in pieces.</summary>
    public void VisitRuns(int length, Action<ReadOnlySpan<Oid>, ReadOnlySpan<int>> visit)
    {
        var oids = new Oid[length];
        int[] packs = new int[length];
        for (int run = 0; run < Runs.Count; run++)
        {
            IndexRunCursor cursor = Runs[run].ReadAll(_packOfPlace[run]);
            int count = 0;
            do
            {
                oids[count] = cursor.Oid;
                packs[count++] = cursor.PackPlace;
                if (count == length)
                {
                    visit(oids, packs);
                    count = 0;
                }
            }
            while (cursor.Advance());

            visit(oids.AsSpan(0, count), packs.AsSpan(0, count));
        }
    }
}
