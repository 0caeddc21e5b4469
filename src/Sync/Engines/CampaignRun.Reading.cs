using Actors.Git.Remotes;
using Actors.Store.Heads;
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
    private bool WantsLines(int below) => _queues.InMemory < below || (_parked.Count > 0 && _unrecorded < Limits.UnrecordedMax);

    private async Task ReadLinesAsync()
    {
        _lines.Clear();
        while (_lines.Count < Limits.FindBatch)
        {
            if (_reader.TryNext())
            {
                TakeLine();
            }
            else if (_lines.Count > 0)
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

    private void TakeLine()
    {
        long number = _reader.LineNumber;
        if (number <= _campaign.LinesDone)
        {
            return;
        }

        ListLine line = _reader.Parse();
        if (line.Holds == ListLine.Kind.Repository)
        {
            _lines.Add((line.Url, number));
            return;
        }

        bool rejected = line.Holds == ListLine.Kind.Rejected;
        lock (_gate)
        {
            _tally.Mark(number);
            _counts.Rejected += rejected ? 1 : 0;
        }

        if (rejected)
        {
            ReadOnlySpan<char> shown = _reader.Line;
            string text = shown[..Math.Min(shown.Length, Limits.RejectedLineCharsMax)].Trim().ToString();
            _observing.Tell(static (observer, about) => observer.LineRejected(about.number, about.text, about.Reason), (number, text, Reason: line.Reason!));
        }
    }

    private void EndList()
    {
        List<Wakeup>? sleepers = null;
        lock (_gate)
        {
            _listEnded = true;
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
            foreach ((RepositoryUrl url, long line) in _lines)
            {
                if (_queues.TryReserve(url.Host, out HostQueue queue))
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

    private async Task LookUpAsync()
    {
        if (_asked.Count == 0)
        {
            return;
        }

        IReadOnlyList<RepositoryState?> known = await _heads.FindAsync(_asked, _stop.Token).ConfigureAwait(false);
        DateTimeOffset now = _clock.GetUtcNow();
        Wakeup? worker;
        lock (_gate)
        {
            for (int place = 0; place < _asked.Count; place++)
            {
                Join(place, known[place], now);
            }

            worker = WakeWorker();
        }

        worker?.Wake();
    }

    private void Join(int place, RepositoryState? known, DateTimeOffset now)
    {
        (HostQueue queue, long line) = _askedFor[place];
        RepositoryUrl url = _asked[place];
        Admission admission = _rule.Decide(known, now);
        if (admission == Admission.Visit)
        {
            _counts.Repositories++;
            queue = known?.Evidence.Address is { } address && address.Host != url.Host ? _queues.Move(queue, address.Host) : queue;
            _queues.Add(queue, new WaitingSync(url, known, line));
            return;
        }

        _queues.GiveBack(queue);
        _open.Remove(url.ToString());
        _tally.Mark(line);
        _counts.Duplicates += admission == Admission.Duplicate ? 1 : 0;
        _counts.Skipped += admission == Admission.Duplicate ? 0 : 1;
    }
}
