using Actors.Git.Objects;

namespace Actors.Store.Index;

/// <summary>
/// Which pack has an object, over all packs: immutable sorted runs on disk, mapped, and memory tables before them.
/// Derived from the packs' <c>.idx</c> files: whatever is lost or damaged is added again from them. Look-ups take no lock
/// and go on during every change. One process writes; others open it read-only, add in memory what the writer has not
/// flushed yet, and <see cref="Refresh"/>. Disposing does not flush.
/// </summary>
internal sealed partial class ObjectIndex : IDisposable
{
    private const int ChunkLength = 512;

    private readonly string _directory;
    private readonly bool _readOnly;
    private readonly ObjectIndexOptions _options;
    private readonly PackHandles<Oid> _handles = new();

    // Taken in this order. The last one guards what readers see next and is never held over I/O of the writer.
    private readonly Lock _merging = new();
    private readonly Lock _committing = new();
    private readonly Lock _writing = new();
    private IndexSnapshot<IndexManifest>? _current;
    private HashSet<Oid> _covered = [];
    private byte[] _manifestBytes = [];
    private long _nextRun;
    private bool _isPersisted = true;

    /// <summary>Runs that are merged or cleared away, but named by the manifest on disk.</summary>
    private readonly List<long> _retired = [];

    /// <summary>Pack numbers that the run being merged will name: they stay known, whatever is compacted meanwhile.</summary>
    private HashSet<long> _numbersInMerge = [];

    private ObjectIndex(string directory, bool readOnly, ObjectIndexOptions options)
    {
        _directory = directory;
        _readOnly = readOnly;
        _options = options;
    }

    /// <summary>Packs whose every object is found here: those of durable runs, and those added in memory.</summary>
    public IReadOnlyCollection<Oid> Packs
    {
        get
        {
            lock (_writing)
            {
                return [.. _covered];
            }
        }
    }

    /// <summary>Objects; one in several runs counts as often, until they are merged.</summary>
    public long Count => Ask(snapshot => snapshot.Runs.Sum(run => run.Count) + snapshot.Memory.Sum(table => (long)table.Count));

    /// <summary>Bytes of the run files.</summary>
    public long Bytes => Ask(snapshot => snapshot.Runs.Sum(run => run.FileBytes));

    /// <summary>Run files.</summary>
    public int Runs => Ask(snapshot => snapshot.Runs.Count);

    /// <summary>Opens the index in a directory. One that is missing or damaged covers nothing.</summary>
    /// <param name="directory">Holds the manifest and the runs and nothing else. A writer makes it and removes stray files.</param>
    /// <param name="readOnly">Another process may be the writer.</param>
    /// <param name="options">How it uses memory and disk.</param>
    public static ObjectIndex Open(string directory, bool readOnly, ObjectIndexOptions options)
    {
        var index = new ObjectIndex(Path.GetFullPath(directory), readOnly, options);
        index.Load();
        return index;
    }

    /// <summary>Looks up a batch.</summary>
    /// <param name="oids">In any order; repeated ones too.</param>
    /// <param name="present">As long as <paramref name="oids"/>.</param>
    public void Contains(ReadOnlySpan<Oid> oids, Span<bool> present)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(present.Length, oids.Length);
        Span<int> packs = stackalloc int[ChunkLength];
        IndexSnapshot<IndexManifest> snapshot = Enter();
        try
        {
            for (int start = 0; start < oids.Length; start += ChunkLength)
            {
                int length = Math.Min(ChunkLength, oids.Length - start);
                snapshot.Locate(oids.Slice(start, length), packs[..length]);
                for (int i = 0; i < length; i++)
                {
                    present[start + i] = packs[i] >= 0;
                }
            }
        }
        finally
        {
            snapshot.Leave();
        }
    }

    /// <summary>Looks up which pack has each of a batch.</summary>
    /// <param name="oids">In any order; repeated ones too.</param>
    /// <param name="packNumbers">As long as <paramref name="oids"/>: for <see cref="PackOf"/>, or -1. A pack may be compacted away while its number is held: then look up anew.</param>
    public void Locate(ReadOnlySpan<Oid> oids, Span<int> packNumbers)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(packNumbers.Length, oids.Length);
        IndexSnapshot<IndexManifest> snapshot = Enter();
        try
        {
            for (int start = 0; start < oids.Length; start += ChunkLength)
            {
                int length = Math.Min(ChunkLength, oids.Length - start);
                snapshot.Locate(oids.Slice(start, length), packNumbers.Slice(start, length));
            }
        }
        finally
        {
            snapshot.Leave();
        }
    }

    /// <summary>The pack that has an object.</summary>
    public bool TryLocate(in Oid oid, out Oid pack)
    {
        int number = -1;
        Locate(new ReadOnlySpan<Oid>(in oid), new Span<int>(ref number));
        pack = number < 0 ? default : PackOf(number);
        return number >= 0;
    }

    /// <summary>The pack of a number from <see cref="Locate"/>; numbers hold for this instance.</summary>
    public Oid PackOf(int packNumber) => _handles.PackOf(packNumber);

    /// <summary>Reads all runs against their checksums.</summary>
    /// <exception cref="InvalidDataException">One is damaged: <see cref="Clear"/>, and add the packs again.</exception>
    public void Verify() => Ask(snapshot =>
    {
        foreach (IndexRun run in snapshot.Runs)
        {
            run.Verify();
        }

        return true;
    });

    /// <summary>Shows every record of the runs, in order within each run, in pieces. For checks.</summary>
    /// <param name="visit">Gets oids and, at the same places, numbers of their packs.</param>
    public void VisitRuns(Action<ReadOnlySpan<Oid>, ReadOnlySpan<int>> visit) => Ask(snapshot =>
    {
        snapshot.VisitRuns(ChunkLength, visit);
        return true;
    });

    /// <summary>Ends the index; look-ups under way end well, later ones fail.</summary>
    public void Dispose()
    {
        lock (_committing)
        {
            lock (_writing)
            {
                Interlocked.Exchange(ref _current, null)?.Leave();
            }
        }
    }

    private IndexSnapshot<IndexManifest> Enter() => IndexSnapshot<IndexManifest>.Enter(ref _current, this);

    private T Ask<T>(Func<IndexSnapshot<IndexManifest>, T> question)
    {
        IndexSnapshot<IndexManifest> snapshot = Enter();
        try
        {
            return question(snapshot);
        }
        finally
        {
            snapshot.Leave();
        }
    }
}
