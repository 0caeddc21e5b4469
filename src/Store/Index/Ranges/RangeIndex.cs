using Actors.Git.Objects;
using Actors.Store.Catalogue;

namespace Actors.Store.Index.Ranges;

/// <summary>
/// One range of the shared index on this machine: the runs that the catalogue lists, mapped, and level zero: packs that no listed
/// run covers, in a memory table and in runs of this process alone. One writer; look-ups take no lock and go on during every change.
/// A record of a pack that was replaced is as good as any: the catalogue says which pack has its objects now.
/// </summary>
internal sealed partial class RangeIndex : IDisposable
{
    private readonly PackHandles<long> _handles;
    private readonly Func<string> _newPath;
    private readonly ObjectIndexOptions _options;
    private IndexSnapshot<RangeState>? _current;
    private long _applied;
    private long _spills;

    /// <param name="handles">What look-ups answer, for all ranges of the process.</param>
    /// <param name="newPath">A file of its own on the local disk.</param>
    /// <param name="options">Memory and files.</param>
    public RangeIndex(PackHandles<long> handles, Func<string> newPath, ObjectIndexOptions options)
    {
        (_handles, _newPath, _options) = (handles, newPath, options);
        _current = Snapshot(RangeState.Empty, [], MemoryTable.Create(options.Seed));
    }

    /// <summary>It has all objects of all packs up to this sequence.</summary>
    public long Applied => Volatile.Read(ref _applied);

    /// <summary>Its listed runs, in order of sequence. The writer's view, as all that follows.</summary>
    public IReadOnlyList<CatalogueRun> Listed => Current.State.Listed;

    /// <summary>Oids in level zero; one in several packs may count as often.</summary>
    public long LevelZeroOids => Current.Memory.Sum(table => (long)table.Count) + Current.Runs.Where(run => run.Sequence < 0).Sum(run => run.Count);

    /// <summary>Oids; bytes of the runs; how many those are.</summary>
    public (long Count, long Bytes, int Runs) Size
    {
        get
        {
            IndexSnapshot<RangeState> current = Current;
            return (current.Runs.Sum(run => run.Count) + current.Memory.Sum(table => (long)table.Count), current.Runs.Sum(run => run.FileBytes), current.Runs.Count);
        }
    }

    private IndexSnapshot<RangeState> Current => _current ?? throw new ObjectDisposedException(nameof(RangeIndex));

    /// <summary>Looks up a batch of this range's oids, as handles of packs; -1 where one is not here.</summary>
    /// <exception cref="ObjectDisposedException">The process has given the range up.</exception>
    public void Locate(ReadOnlySpan<Oid> oids, Span<int> packs)
    {
        IndexSnapshot<RangeState> snapshot = Enter();
        try
        {
            snapshot.Locate(oids, packs);
        }
        finally
        {
            snapshot.Leave();
        }
    }

    /// <summary>Begins to use what readers see now; to be left.</summary>
    public IndexSnapshot<RangeState> Enter() => IndexSnapshot<RangeState>.Enter(ref _current, this);

    /// <summary>Whether a listed run is open here.</summary>
    public bool Has(long run) => Current.Runs.Any(open => open.Sequence == run);

    /// <summary>Look-ups under way end well, later ones fail.</summary>
    public void Dispose() => Interlocked.Exchange(ref _current, null)?.Leave();

    private IndexSnapshot<RangeState> Snapshot(RangeState state, IReadOnlyList<IndexRun> runs, MemoryTable table) =>
        new(state, runs, [table], (_, pack) => _handles.Of(pack));
}
