using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Listings;
using Actors.Sync.Campaigns;
using Actors.Sync.ForgeHosts;

namespace Actors.Sync.Engines;

internal sealed partial class CampaignRun
{
    private readonly ListReader _reader;
    private readonly Wakeup _readerWakeup;
    private readonly List<(RepositoryUrl Url, long Line)> _lines = new(Limits.FindBatch);
    private readonly List<RepositoryUrl> _asked = new(Limits.FindBatch);
    private readonly List<(HostQueue Queue, long Line)> _askedFor = new(Limits.FindBatch);
    private readonly HashSet<string> _toldLeft;
    private readonly long _doneBefore;
    private readonly long _rejectedBefore;
    private bool _readerParked;

    private async Task ReadAsync()
    {
        // Refills first: their hosts have permits to give. Then the list, as far ahead as it serves.
        while (true)
        {
            switch (NextReading())
            {
                case Reading.Ended:
                    return;
                case Reading.Wait:
                    await _readerWakeup.WaitAsync().ConfigureAwait(false);
                    break;
                case Reading.Refill:
                    await RefillAsync().ConfigureAwait(false);
                    break;
                default:
                    await ReadLinesAsync().ConfigureAwait(false);
                    break;
            }
        }
    }

    private enum Reading
    {
        List,
        Refill,
        Wait,
        Ended,
    }

    private Reading NextReading()
    {
        lock (_gate)
        {
            if (_stopping || _workEnded)
            {
                return Reading.Ended;
            }

            if (_queues.HasRefills)
            {
                return Reading.Refill;
            }

            if (!_listEnded && WantsLines(_options.ReadAhead))
            {
                return Reading.List;
            }

            _readerParked = true;
            return Reading.Wait;
        }
    }

    /// <summary>Under the lock: whether few enough wait, or a worker has nothing to do.</summary>
    private bool WantsLines(int below) =>
        _rejected.Count < Limits.UnrecordedMax && (_queues.InMemory < below || (_parked.Count > 0 && _unrecorded < Limits.UnrecordedMax));

    private async Task ReadLinesAsync()
    {
        _lines.Clear();
        int rejected = 0;
        while (_lines.Count < Limits.FindBatch && rejected < Limits.FindBatch)
        {
            if (_reader.TryNext())
            {
                rejected += TakeLine() ? 1 : 0;
            }
            else if (_lines.Count > 0 || rejected > 0)
            {
                // A slow list's lines are not kept waiting for more of them.
                break;
            }
            else
            {
                lock (_gate)
                {
                    _counts.LinesRead = _reader.LineNumber;
                }

                if (!await _reader.FillAsync(_stop.Token).ConfigureAwait(false))
                {
                    EndList();
                    return;
                }
            }
        }

        await AdmitAsync().ConfigureAwait(false);
    }

    /// <returns>Whether it is a rejected one.</returns>
    private bool TakeLine()
    {
        long number = _reader.LineNumber;
        if (IsDone(number))
        {
            return false;
        }

        ListLine line = _reader.Parse();
        string? refusal = line.Holds == ListLine.Kind.Repository ? _request.Refuse?.Invoke(line.Url) : line.Reason;
        if (line.Holds == ListLine.Kind.Repository && refusal is null)
        {
            _lines.Add((line.Url, number));
            return false;
        }

        lock (_gate)
        {
            if (refusal is null || number <= _rejectedBefore)
            {
                // Nothing to do, or told before a crash: rejected lines are told in their order.
                _tally.Mark(number);
                refusal = null;
            }
            else
            {
                // Marked when it is told, with what ends at the same time.
                ReadOnlySpan<char> shown = _reader.Line;
                _rejected.Add(new RejectedLine(number, shown[..Math.Min(shown.Length, Limits.RejectedLineCharsMax)].Trim().ToString(), refusal));
            }
        }

        return refusal is not null;
    }

    private bool IsDone(long line)
    {
        if (line <= _doneBefore || _journal is null)
        {
            return line <= _doneBefore;
        }

        lock (_gate)
        {
            return _tally.IsMarked(line);
        }
    }

    private void EndList()
    {
        List<Wakeup>? sleepers = null;
        lock (_gate)
        {
            _listEnded = true;
            _toldLeft.Clear();
            sleepers = WakeAllIfEnded();
        }

        Wake(sleepers);
    }

    private async Task RefillAsync()
    {
        HostQueue? queue;
        SpooledChunk chunk;
        lock (_gate)
        {
            if (!_queues.TryBeginRefill(out queue, out chunk))
            {
                return;
            }
        }

        _lines.Clear();
        _queues.ReadRefill(chunk, _lines);
        _asked.Clear();
        _askedFor.Clear();
        lock (_gate)
        {
            foreach ((RepositoryUrl url, long line) in _lines)
            {
                Ask(queue, url, line);
            }
        }

        await LookUpAsync().ConfigureAwait(false);
        List<Wakeup>? sleepers;
        lock (_gate)
        {
            _queues.EndRefill(queue);
            sleepers = WakeAllIfEnded();
        }

        Wake(sleepers);
    }

    /// <summary>Lines to places in memory or to the spool; those in memory are looked up and join their host's queue.</summary>
    private async Task AdmitAsync()
    {
        _asked.Clear();
        _askedFor.Clear();
        lock (_gate)
        {
            _counts.LinesRead = _reader.LineNumber;
            long now = _clock.GetUtcNow().UtcTicks;
            foreach ((RepositoryUrl url, long line) in _lines)
            {
                if (IsTold(url, line))
                {
                    continue;
                }

                if (_queues.TryReserve(url.Host, now, out HostQueue queue))
                {
                    Ask(queue, url, line);
                }
                else
                {
                    _queues.Spool(queue, url, line);
                }
            }
        }

        await LookUpAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Under the lock, with a place promised. The order matters: a URL becomes open before it is looked up, and stays so until its
    /// visit is durable; so what is not open has its last visit in the head store, and no repository is visited twice.
    /// </summary>
    private void Ask(HostQueue queue, RepositoryUrl url, long line)
    {
        if (_open.Add(url.ToString()))
        {
            _asked.Add(url);
            _askedFor.Add((queue, line));
            return;
        }

        _queues.GiveBack(queue);
        _tally.Mark(line);
        _counts.Duplicates++;
    }

    /// <summary>Under the lock: whether the report tells of it already, from before a crash; then its line is done.</summary>
    private bool IsTold(RepositoryUrl url, long line)
    {
        if (_journal is not { Told.Count: > 0 } journal || !journal.Told.Contains(url.ToString()))
        {
            return false;
        }

        _toldLeft.Remove(url.ToString());
        _tally.Mark(line);
        return true;
    }

    private async Task LookUpAsync()
    {
        if (_asked.Count == 0)
        {
            return;
        }

        IReadOnlyList<RepositoryState?> known = await _heads.FindAsync(_asked, _stop.Token).ConfigureAwait(false);
        IReadOnlyList<ListedRepository?>? listed = _request.Sync.Listings is { } listings && known.Contains(null)
            ? await listings.FindListedAsync(_asked, _stop.Token).ConfigureAwait(false)
            : null;
        DateTimeOffset now = _clock.GetUtcNow();
        Wakeup? worker;
        lock (_gate)
        {
            for (int place = 0; place < _asked.Count; place++)
            {
                Join(place, known[place], listed?[place]?.SizeBytes, now);
            }

            worker = WakeWorker();
        }

        worker?.Wake();
    }

    private void Join(int place, RepositoryState? known, long? listedBytes, DateTimeOffset now)
    {
        (HostQueue queue, long line) = _askedFor[place];
        RepositoryUrl url = _asked[place];
        Admission admission = _rule.Decide(known, now);
        if (admission == Admission.Visit)
        {
            _counts.Repositories++;
            queue = known?.Evidence.Address is { } address && address.Host != url.Host ? _queues.Move(queue, address.Host, now.UtcTicks) : queue;
            _queues.Add(queue, new WaitingSync(url, known, line, ListedBytes: listedBytes));
            return;
        }

        _queues.GiveBack(queue);
        _open.Remove(url.ToString());
        _tally.Mark(line);
        _counts.Duplicates += admission == Admission.Duplicate ? 1 : 0;
        _counts.Skipped += admission == Admission.Duplicate || (admission == Admission.DoneBefore && _journal is not null) ? 0 : 1;
    }
}
