using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;

namespace Actors.Sync.Engines;

internal sealed partial class CampaignRun
{
    private readonly Heartbeat _recording;
    private List<SyncReport> _endedReports = [];
    private List<Visit> _endedVisits = [];
    private List<long> _endedLines = [];
    private List<RejectedLine> _rejected = [];
    private int _unrecorded;

    /// <summary>Lines of the report up to this one tell of lines that the tally has.</summary>
    private long _reported;

    private async Task RecordAsync()
    {
        List<SyncReport> reports = [];
        List<Visit> visits = [];
        List<long> lines = [];
        List<RejectedLine> rejected = [];
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
                (rejected, _rejected) = (_rejected, rejected);
            }

            if (visits.Count > 0 || rejected.Count > 0)
            {
                await RecordAsync(reports, visits, rejected).ConfigureAwait(false);
                Settle(reports, lines, rejected);
                reports.Clear();
                visits.Clear();
                lines.Clear();
                rejected.Clear();
            }
        }
        while (goesOn);
    }

    /// <summary>
    /// Not to be cancelled: what has ended is recorded. First the journal says what is about to be recorded, so that a crash
    /// between the two is seen.
    /// </summary>
    private async Task RecordAsync(List<SyncReport> reports, List<Visit> visits, List<RejectedLine> rejected)
    {
        if (_journal is not null)
        {
            await _journal.PrepareAsync(reports, rejected).ConfigureAwait(false);
        }

        if (visits.Count > 0)
        {
            await _heads.RecordAsync(visits, CancellationToken.None).ConfigureAwait(false);
        }

        if (_journal is not null)
        {
            await _journal.CommitAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Durable now: counted, no longer open, reported.</summary>
    private void Settle(List<SyncReport> reports, List<long> lines, List<RejectedLine> rejected)
    {
        Wakeup? worker;
        Wakeup? reader;
        lock (_gate)
        {
            for (int place = 0; place < reports.Count; place++)
            {
                _open.Remove(reports[place].Url.ToString());
                _tally.Mark(lines[place]);
                _counts.Count(reports[place]);
            }

            foreach (RejectedLine line in rejected)
            {
                _tally.Mark(line.LineNumber);
            }

            _counts.Rejected += rejected.Count;
            _reported = _journal is not null && _toldLeft.Count == 0 ? _journal.ReportLast : _reported;
            _unrecorded -= reports.Count;
            worker = WakeWorker();
            reader = WakeReader();
        }

        worker?.Wake();
        reader?.Wake();
        _observing.Tell(
            static (observer, ended) =>
            {
                foreach (RejectedLine line in ended.rejected)
                {
                    observer.LineRejected(line.LineNumber, line.Text, line.Reason);
                }

                foreach (SyncReport report in ended.reports)
                {
                    observer.SyncEnded(report);
                }
            },
            (reports, rejected));
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
