using Actors.Git.Objects;

namespace Actors.Store.Index;

/// <summary>
/// What readers see: some runs and memory tables. Replaced as a whole by the writer; lives until its last reader has gone.
/// </summary>
/// <typeparam name="TState">What the writer knows of it beside.</typeparam>
internal sealed class IndexSnapshot<TState>
{
    private readonly int[][] _packOfPlace;
    private int _users = 1;

    /// <summary>Uses the runs until the last <see cref="Leave"/>.</summary>
    /// <param name="state">What the writer knows of it beside.</param>
    /// <param name="runs">Asked in this order.</param>
    /// <param name="memory">Asked after the runs.</param>
    /// <param name="handleOf">What look-ups answer for a pack number in the runs; negative: its records count for nothing.</param>
    public IndexSnapshot(TState state, IReadOnlyList<IndexRun> runs, IReadOnlyList<MemoryTable> memory, Func<IndexRun, long, int> handleOf)
    {
        (State, Runs, Memory) = (state, runs, memory);
        _packOfPlace = new int[runs.Count][];
        for (int run = 0; run < runs.Count; run++)
        {
            _packOfPlace[run] = new int[runs[run].PackNumbers.Length];
            for (int place = 0; place < _packOfPlace[run].Length; place++)
            {
                _packOfPlace[run][place] = handleOf(runs[run], runs[run].PackNumbers[place]);
            }
        }

        foreach (IndexRun run in runs)
        {
            run.AddUser();
        }
    }

    private IndexSnapshot(IndexSnapshot<TState> other, IReadOnlyList<MemoryTable> memory)
    {
        (State, Runs, Memory, _packOfPlace) = (other.State, other.Runs, memory, other._packOfPlace);
        foreach (IndexRun run in Runs)
        {
            run.AddUser();
        }
    }

    public TState State { get; }

    public IReadOnlyList<IndexRun> Runs { get; }

    /// <summary>The tables that wait to become runs, oldest first, and last the one that is being filled.</summary>
    public IReadOnlyList<MemoryTable> Memory { get; }

    /// <summary>The same runs, other memory tables.</summary>
    public IndexSnapshot<TState> With(IReadOnlyList<MemoryTable> memory) => new(this, memory);

    /// <summary>Begins to use the current one.</summary>
    /// <param name="current">Where the writer puts it; null when the owner is disposed.</param>
    /// <param name="owner">For the exception.</param>
    /// <exception cref="ObjectDisposedException">There is none any more.</exception>
    public static IndexSnapshot<TState> Enter(ref IndexSnapshot<TState>? current, object owner)
    {
        while (true)
        {
            IndexSnapshot<TState>? snapshot = Volatile.Read(ref current);
            ObjectDisposedException.ThrowIf(snapshot is null, owner);
            if (snapshot.TryEnter())
            {
                return snapshot;
            }
        }
    }

    /// <summary>Begins to use it. False when it is too late: there is a newer one.</summary>
    private bool TryEnter()
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
