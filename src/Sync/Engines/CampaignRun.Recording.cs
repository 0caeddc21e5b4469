using Actors.Store.Heads;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;

namespace Actors.Sync.Engines;

internal sealed partial class CampaignRun
{
    private readonly Heartbeat _recording;
    private List<SyncReport> _endedReports = [];
    private List<Visit> _endedVisits = [];
    private List<long> _endedLines = [];
    private int _unrecorded;

    private async Task RecordAsync()
    {
        List<SyncReport> reports = [];
        List<Visit> visits = [];
        List<long> lines = [];
        bool goesOn;
        do
        {
            // The end of the work ends the wait, and the last batch is all that is left.
            goesOn = await _recording.NextAsync().ConfigureAwait(false);
            lock (_gate)
            {
                (reports, _endedReports) = (_endedReports, reports);
                (visits, _endedVisits) = (_endedVisits, visits);
                (lines, _endedLines) = (_endedLines, lines);
            }

            if (visits.Count > 0)
            {
                // Not to be cancelled: what has ended is recorded.
                await _heads.RecordAsync(visits, CancellationToken.None).ConfigureAwait(false);
                Settle(reports, lines);
                reports.Clear();
                visits.Clear();
                lines.Clear();
            }
        }
        while (goesOn);
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

    /// <summary>Under the lock: an ended sync to the recorder.</summary>
    private void Enqueue(in WaitingSync sync, SyncResult result)
    {
        _endedReports.Add(result.Report);
        _endedVisits.Add(result.Visit with { Campaign = _campaign.Id });
        _endedLines.Add(sync.Line);
        _unrecorded++;
    }
}
