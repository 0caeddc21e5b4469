using Actors.Client.Reports;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Mirrors;
using Actors.Sync.Repositories;
using Spectre.Console;

namespace Actors.Client.Screens;

/// <summary>Shows a campaign of mirrors: its syncs as a campaign's, the mirrors in a line below; a report line when a mirror has ended.</summary>
internal sealed class MirrorScreen : IMirrorObserver
{
    private readonly Terminal _terminal;
    private readonly ReportWriter? _report;
    private readonly CampaignScreen _syncs;
    private readonly bool _quiet;

    public MirrorScreen(Terminal terminal, ReportWriter? report, TimeProvider clock, bool quiet)
    {
        (_terminal, _report, _quiet) = (terminal, report, quiet);
        _syncs = new CampaignScreen(terminal, null, clock, quiet) { Footer = () => Mirrors is { } progress ? Line(progress) : null };
    }

    /// <summary>The latest progress of mirrors.</summary>
    public MirrorProgress? Mirrors { get; private set; }

    /// <summary>True when a source or a mirror failed.</summary>
    public bool SomeFailed => _syncs.Last?.Failed() > 0 || Mirrors?.Count(MirrorOutcome.Failed) > 0;

    public void Began(CampaignState campaign, bool resumed) => _syncs.Began(campaign, resumed);

    public void LineRejected(long lineNumber, string line, string reason) => _syncs.LineRejected(lineNumber, line, reason);

    public void SyncEnded(SyncReport ended) => _syncs.SyncEnded(ended);

    public void Progressed(CampaignProgress progress)
    {
        _syncs.Progressed(progress);
        _report?.Flush();
    }

    public void MirrorEnded(MirrorReport report)
    {
        if (report.Sync is { } sync)
        {
            _report?.Write(sync, report);
        }

        if (report.Outcome == MirrorOutcome.Failed && !_quiet)
        {
            _syncs.Say($"{report.Source} to {report.Target}: failed: {CampaignScreen.Printable(report.Error ?? "")}");
        }
    }

    public void MirrorsProgressed(MirrorProgress progress)
    {
        Mirrors = progress;
        _syncs.Refresh();
    }

    /// <summary>Takes the live picture away.</summary>
    public void End() => _syncs.End();

    /// <summary>The tables at the end.</summary>
    public void WriteSummary()
    {
        if (_syncs.Last is { } syncs)
        {
            CampaignSummary.Write(_terminal.Screen, syncs);
        }

        if (Mirrors is { } mirrors)
        {
            _terminal.Screen.WriteLine(Line(mirrors));
        }
    }

    private static string Line(MirrorProgress progress)
    {
        IEnumerable<string> outcomes = MirrorOutcomeNames.All
            .Where(outcome => progress.Count(outcome) > 0)
            .Select(outcome => $"{outcome.ToName()} {Quantities.Count(progress.Count(outcome))}");
        return $"mirrors: {Quantities.Count(progress.Ended)} of {Quantities.Count(progress.Mirrors)} done"
            + (progress.Running > 0 ? $", {progress.Running} being published" : "")
            + $", {string.Join(", ", outcomes.DefaultIfEmpty("none ended yet"))}; {Quantities.Bytes(progress.BytesSent)} sent, {Quantities.Count(progress.NewObjects)} new objects";
    }
}
