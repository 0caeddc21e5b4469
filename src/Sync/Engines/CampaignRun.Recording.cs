using Actors.Store.Heads;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;

namespace Actors.Sync.Engines;

internal sealed partial class CampaignRun
{
    private readonly Wakeup _recorderWakeup;
    private List<SyncReport> _endedReports = [];
    private List<Visit> _endedVisits = [];
    private List<long> _endedLines = [];
    private bool _recorderParked;
    private bool _recordingEnds;
    private int _unrecorded;

    private async Task RecordAsync()
    {
        List<SyncReport> reports = [];
        List<Visit> visits = [];
        List<long> lines = [];
        while (true)
        {
            switch (NextRecording())
            {
                case Turn.Ended:
                    return;
                case Turn.Wait:
                    await _recorderWakeup.WaitAsync().ConfigureAwait(false);
                    break;
                default:
                    await Task.Delay(Limits.RecordDelay, _clock).ConfigureAwait(false);
                    lock (_gate)
                    {
                        (reports, _endedReports) = (_endedReports, reports);
                        (visits, _endedVisits) = (_endedVisits, visits);
                        (lines, _endedLines) = (_endedLines, lines);
                    }

                    // Not to be cancelled: what has ended is recorded.
                    await _heads.RecordAsync(visits, CancellationToken.None).ConfigureAwait(false);
                    Settle(reports, lines);
                    reports.Clear();
                    visits.Clear();
                    lines.Clear();
                    break;
            }
        }
    }

    private Turn NextRecording()
    {
        lock (_gate)
        {
            if (_endedVisits.Count > 0)
            {
                return Turn.Taken;
            }

            if (_recordingEnds)
            {
                return Turn.Ended;
            }

            _recorderParked = true;
            return Turn.Wait;
        }
    }

    /// <summary>Durable now: counted, no longer open, reported.</summary>
    private void Settle(List<SyncReport> reports, List<long> lines)
    {
        Wakeup? worker;
        lock (_gate)
        {
            for (int place = 0; place < reports.Count; place++)
            {
                _open.Remove(reports[place].Url.ToString());
                _tally.Mark(lines[place]);
                _counts.Count(reports[place]);
            }

            _unrecorded -= reports.Count;
            worker = WakeWorker();
        }

        worker?.Wake();
        _observing.Tell(
            static (observer, ended) =>
            {
                foreach (SyncReport report in ended)
                {
                    observer.SyncEnded(report);
                }
            },
            reports);
    }

    /// <summary>Under the lock: an ended sync to the recorder, who is returned when asleep.</summary>
    private Wakeup? Enqueue(in WaitingSync sync, SyncResult result)
    {
        _endedReports.Add(result.Report);
        _endedVisits.Add(result.Visit with { Campaign = _campaign.Id });
        _endedLines.Add(sync.Line);
        _unrecorded++;
        return TakeRecorder();
    }

    private void EndRecording()
    {
        Wakeup? recorder;
        lock (_gate)
        {
            _recordingEnds = true;
            recorder = TakeRecorder();
        }

        recorder?.Wake();
    }

    private Wakeup? TakeRecorder()
    {
        if (!_recorderParked)
        {
            return null;
        }

        _recorderParked = false;
        return _recorderWakeup;
    }
}
