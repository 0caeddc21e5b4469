using Actors.Git.Objects;

namespace Actors.Git.Packs.Indexing;

/// <summary>
/// Resolves deltas depth first from whole objects on, on several threads: each takes whole objects in order of the file,
/// and a thread with nothing left is given sub-trees by those that have more than one on their stacks.
/// </summary>
internal sealed unsafe class DeltaResolver : IDisposable
{
    /// <summary>Entries looked through at once for whole objects with deltas; fewer in small packs, or one thread would take all.</summary>
    private const int BatchCountMax = 64;

    private readonly object _gate = new();
    private readonly Stack<DeltaWork> _given = new();
    private int _next;
    private int _last;
    private int _threads = 1;
    private int _batchCount;
    private int _running;
    private volatile int _idle;
    private volatile bool _stopped;
    private Exception? _failure;

    public DeltaResolver(
        EntryTable entries, PackBytes bytes, long receivedBytes, IndexingCosts costs,
        ReferenceCollector? references, CapturedObjects? captured, string? folder)
    {
        (Entries, Bytes, ReceivedBytes, Costs) = (entries, bytes, receivedBytes, costs);
        (References, Captured, Folder) = (references, captured, folder);
        RefDeltas = new RefDeltaIndex(entries.RefDeltas.Span);
        LinkRefDeltas(0, entries.Count);
    }

    public EntryTable Entries { get; }

    public PackBytes Bytes { get; }

    /// <summary>Where the last entry ends; grows when bases are appended.</summary>
    public long BytesEnd { get; set; }

    public long ReceivedBytes { get; }

    public IndexingCosts Costs { get; }

    public ReferenceCollector? References { get; }

    public CapturedObjects? Captured { get; }

    public string? Folder { get; }

    public RefDeltaIndex RefDeltas { get; }

    /// <summary>Threads of the present run: memory is shared out among them.</summary>
    public int Threads => _threads;

    /// <summary>Whether a sub-tree could be given away.</summary>
    public bool IsSomeoneIdle => _idle > 0;

    /// <summary>Whether another thread failed.</summary>
    public bool IsStopped => _stopped;

    /// <summary>Makes the whole objects among these entries the bases of the deltas that name them.</summary>
    public void LinkRefDeltas(int first, int end)
    {
        for (int i = first; i < end && !RefDeltas.IsEmpty; i++)
        {
            if (!Entries[i].IsDelta)
            {
                LinkRefDeltas(i);
            }
        }
    }

    /// <summary>Makes an object whose oid is known now the base of the deltas that name it.</summary>
    public void LinkRefDeltas(int entry)
    {
        foreach (RefDelta delta in RefDeltas.Claim(Entries[entry].Oid))
        {
            Entries.Link(delta.Entry, entry);
        }
    }

    /// <summary>Resolves all deltas that stand on the whole objects among these entries.</summary>
    /// <exception cref="GitFormatException">A delta or an object is bad.</exception>
    public void Run(int first, int end, int threads, CancellationToken cancellationToken)
    {
        (_next, _last, _threads) = (first, end, threads);
        _batchCount = Math.Clamp((end - first) / (threads * 16), 1, BatchCountMax);
        if (threads == 1)
        {
            Work(cancellationToken);
        }
        else
        {
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ => Work(cancellationToken));
        }

        if (_failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
        }
    }

    /// <summary>The next whole objects to look at; false: all are taken.</summary>
    public bool TryTakeBatch(out int first, out int end)
    {
        first = Interlocked.Add(ref _next, _batchCount) - _batchCount;
        end = Math.Min(first + _batchCount, _last);
        return first < _last;
    }

    /// <summary>Gives a sub-tree to an idle thread.</summary>
    public void Give(in DeltaWork work)
    {
        lock (_gate)
        {
            _given.Push(work);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for a sub-tree; false: all threads are idle, so there will be none.</summary>
    public bool TryReceive(out DeltaWork work)
    {
        lock (_gate)
        {
            _idle++;
            while (!_given.TryPop(out work))
            {
                // A thread that starts late, when all is done, finds nothing and ends as well.
                if (_idle == _running || _stopped)
                {
                    _idle--;
                    _running--;
                    Monitor.PulseAll(_gate);
                    return false;
                }

                Monitor.Wait(_gate);
            }

            _idle--;
            return true;
        }
    }

    public void Dispose()
    {
        RefDeltas.Dispose();
        while (_given.TryPop(out DeltaWork work))
        {
            using var buffers = new ObjectBuffers(null);
            buffers.Release(ref work.Buffer);
        }
    }

    private void Work(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _running++;
        }

        try
        {
            using var walk = new DeltaWalk(this, cancellationToken);
            walk.Run();
        }
        catch (Exception exception)
        {
            lock (_gate)
            {
                _failure ??= exception;
                _stopped = true;
                _running--;
                Monitor.PulseAll(_gate);
            }
        }
    }
}
