using Actors.Git.Objects;

namespace Actors.Git.Packs.Indexing;

/// <summary>
/// Scans a pack while its bytes come. One thread follows the chain of entries from the header on; when it lags behind,
/// others search an entry's start further on and read from there, speculatively: what they find counts only when the
/// chain arrives exactly at their first entry. Nobody waits for bytes: a thread that has nothing to do ends.
/// </summary>
internal sealed class PackScan : IDisposable
{
    /// <summary>Bytes that a thread takes at once: some ten milliseconds of work, so that packs of few megabytes gain from a second thread too.</summary>
    private const long PartBytes = 1 << 20;

    private readonly Lock _gate = new();
    private readonly PackBytes _bytes;
    private readonly Func<EntryScanner> _createScanner;
    private readonly ReferenceCollector? _references;
    private readonly IndexingCosts _costs;
    private readonly int _threads;
    private readonly uint _count;
    private readonly CancellationToken _cancellationToken;
    private readonly Dictionary<long, ScanSegment> _ahead = [];
    private readonly List<Task> _tasks = [];
    private Exception? _failure;
    private long _inflatedBytes;
    private long _end = PackFormat.HeaderLength;
    private long _needed;
    private long _at = PackFormat.HeaderLength;
    private long _nextAhead;
    private int _workers;
    private bool _final;
    private bool _chainTaken;

    public PackScan(
        PackBytes bytes, uint count, int threads, IndexingCosts costs, ReferenceCollector? references,
        Func<EntryScanner> createScanner, CancellationToken cancellationToken)
    {
        (_bytes, _count, _threads, _costs, _references) = (bytes, count, threads, costs, references);
        (_createScanner, _cancellationToken) = (createScanner, cancellationToken);
    }

    /// <summary>What was found; complete after <see cref="FinishAsync"/>.</summary>
    public EntryTable Entries { get; } = new();

    private bool IsComplete => Entries.Count == _count;

    /// <summary>Tells that bytes have come and starts threads for them.</summary>
    /// <param name="end">Bytes of the pack there, without the last twenty: they may be the trailer.</param>
    /// <param name="final">No more will come.</param>
    /// <exception cref="GitFormatException">What was scanned is bad already.</exception>
    public void Advance(long end, bool final)
    {
        lock (_gate)
        {
            (_end, _final) = (end, final);
            ThrowIfFailed();
            if (IsComplete && !_chainTaken && end > _at)
            {
                throw Trailing();
            }

            while (_workers < _threads && IsWorkFor(_workers + 1))
            {
                _workers++;
                _tasks.RemoveAll(task => task.IsCompletedSuccessfully);
                _tasks.Add(Task.Run(Work, CancellationToken.None));
            }
        }
    }

    /// <summary>Scans all on this thread; for small packs.</summary>
    public void RunHere(long end)
    {
        (_end, _final) = (end, true);
        _workers = 1;
        Work();
        Check();
    }

    /// <summary>Waits until everything is scanned.</summary>
    /// <exception cref="GitFormatException">The pack is bad, ends early, or goes on behind its last entry.</exception>
    public async Task FinishAsync()
    {
        await StopAsync(null).ConfigureAwait(false);
        Check();
    }

    /// <summary>Lets the threads end; after a failure elsewhere, as soon as they can.</summary>
    public async Task StopAsync(Exception? failure)
    {
        Task[] tasks;
        lock (_gate)
        {
            _failure ??= failure;
            tasks = [.. _tasks];
        }

        await Task.WhenAll(tasks).ConfigureAwait(false);
    }

    public void Dispose()
    {
        foreach (ScanSegment segment in _ahead.Values)
        {
            segment.Dispose();
        }

        Entries.Dispose();
    }

    private static GitFormatException Truncated(long at) =>
        new(GitFormatError.Truncated, "A pack ends before its last entry does", at);

    private void Check()
    {
        ThrowIfFailed();
        if (!IsComplete)
        {
            throw Truncated(_at);
        }

        if (_at != _end)
        {
            throw Trailing();
        }
    }

    private GitFormatException Trailing() =>
        new(GitFormatError.Pack, $"Bytes follow the last of a pack's {_count} entries", _at);

    private void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
        }
    }

    private void Work()
    {
        try
        {
            using EntryScanner scanner = _createScanner();
            while (TryTake(out long part, out ScanSegment? found))
            {
                if (part < 0)
                {
                    FollowChain(scanner, found);
                }
                else
                {
                    ScanAhead(scanner, part, found!);
                }
            }
        }
        catch (Exception exception)
        {
            lock (_gate)
            {
                _failure ??= exception;
                _workers--;
            }
        }
    }

    /// <summary>Whether so many threads would have something to do.</summary>
    private bool IsWorkFor(int workers) =>
        !IsComplete && _failure is null && (workers == 1 ? !_chainTaken && IsChainReady(out _) : _end - _at >= workers * PartBytes);

    /// <summary>Whether the chain can go on: along a part read ahead, or by reading.</summary>
    private bool IsChainReady(out ScanSegment? found)
    {
        long part = _at / PartBytes;
        return _ahead.TryGetValue(part, out found)
            ? found.Done
            : _final || (_end >= (part + 1) * PartBytes && _end >= _needed);
    }

    private bool TryTake(out long part, out ScanSegment? found)
    {
        lock (_gate)
        {
            part = -1;
            found = null;
            if (_failure is null && !IsComplete)
            {
                if (!_chainTaken && IsChainReady(out found))
                {
                    _chainTaken = true;
                    _ = _ahead.Remove(_at / PartBytes);
                    return true;
                }

                part = Math.Max(_nextAhead, (_at / PartBytes) + 1);
                bool isThere = _end >= (part + 1) * PartBytes || (_final && _end > part * PartBytes);
                if (_threads > 1 && isThere && part <= (_at / PartBytes) + (2 * _threads) + 2)
                {
                    _nextAhead = part + 1;
                    _ahead[part] = found = new ScanSegment();
                    return true;
                }
            }

            _workers--;
            return false;
        }
    }

    /// <summary>Takes over what was read ahead, if it begins where the chain is; else reads on to the end of the part.</summary>
    private unsafe void FollowChain(EntryScanner scanner, ScanSegment? found)
    {
        long at = _at;
        long end;
        bool final;
        lock (_gate)
        {
            (end, final) = (_end, _final);
        }

        using ScanSegment segment = found is not null && found.Start == at && found.Entries.Count <= _count - Entries.Count
            ? found : new ScanSegment();
        if (segment != found)
        {
            found?.Dispose();
            segment.Restart(at);
            using PackBytes.Window window = _bytes.Open(at, end);
            scanner.Scan(segment, window.Base, ((at / PartBytes) + 1) * PartBytes, end, (long)_count - Entries.Count, _cancellationToken);
            if (segment.Starved && final)
            {
                throw Truncated(segment.End);
            }
        }

        _inflatedBytes += segment.InflatedBytes;
        if (_inflatedBytes > _costs.InflatedMax(end))
        {
            throw new GitFormatException(GitFormatError.OverLimit, "Entries inflate to far more than was received", at);
        }

        _references?.Add(segment.References.Span);
        Entries.Append(segment);
        lock (_gate)
        {
            // What was starved is begun again when as many bytes again have come: twice the work at most.
            _needed = segment.Starved ? end + (end - segment.End) : 0;
            _at = segment.End;
            _chainTaken = final && at == _at && !IsComplete ? throw Truncated(at) : false;
        }
    }

    private unsafe void ScanAhead(EntryScanner scanner, long part, ScanSegment segment)
    {
        long start = part * PartBytes;
        long stop = start + PartBytes;
        long end;
        lock (_gate)
        {
            end = _end;
        }

        using (PackBytes.Window window = _bytes.Open(start, end))
        {
            long limit = Math.Min(stop, end);
            for (long at = start; (at = EntrySearch.Next(window.Base, at, limit, end)) < limit; at++)
            {
                if (TryScan(scanner, segment, window.Base, at, stop, end))
                {
                    break;
                }

                segment.Restart(-1);
            }
        }

        lock (_gate)
        {
            segment.Done = true;
        }
    }

    /// <summary>Reads from a place that may be an entry's start. False: it is none.</summary>
    private unsafe bool TryScan(EntryScanner scanner, ScanSegment segment, byte* bytes, long at, long stop, long end)
    {
        segment.Restart(at);
        try
        {
            scanner.Scan(segment, bytes, stop, end, _count, _cancellationToken);
        }
        catch (GitFormatException)
        {
            // The chain comes by and finds out, if this is its way.
        }

        return segment.Entries.Count > 0;
    }
}
