using Actors.Client.Reports;
using Actors.Loaders.Loads;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Repositories;
using Spectre.Console;

namespace Actors.Client.Screens;

/// <summary>Shows a running campaign: a live picture on a terminal, a line now and then elsewhere; writes the report as it goes.</summary>
internal sealed class CampaignScreen(Terminal terminal, ReportWriter? report, TimeProvider clock, bool quiet, string what = "repository") : IPackageObserver
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(10);
    private readonly ProgressRate _rate = new();
    private TimeSpan _lastLine;

    private readonly LivePicture? _live = !quiet && terminal.IsWatched ? new LivePicture(terminal.Screen) : null;

    /// <summary>A further line below the picture and in plain lines, as it is when they are drawn; null: none.</summary>
    public Func<string?> Footer { get; init; } = static () => null;

    /// <summary>The latest progress.</summary>
    public CampaignProgress? Last { get; private set; }

    /// <summary>Lines that named nothing.</summary>
    public long Rejected { get; private set; }

    public void Began(CampaignState campaign, bool resumed)
    {
        if (!quiet)
        {
            Say(resumed
                ? $"campaign {campaign.Id} goes on after line {Quantities.Count(campaign.LinesDone)}"
                : $"campaign {campaign.Id}");
        }
    }

    public void LineRejected(long lineNumber, string line, string reason)
    {
        Rejected++;
        Say($"line {lineNumber}: '{Printable(line)}' is no {what}: {reason}");
    }

    public void SyncEnded(SyncReport ended) => Ended(ended, null);

    public void LoadEnded(SyncReport ended, LoadReport load) => Ended(ended, load);

    private void Ended(SyncReport ended, LoadReport? load)
    {
        report?.Write(ended, load: load);
        if (!ended.Outcome.IsSuccess() && !quiet)
        {
            Say($"{load?.Origin ?? ended.Url.ToString()}: {ended.Outcome.ToName()}: {Printable(ended.Error ?? "")}");
        }
    }

    public void Progressed(CampaignProgress progress)
    {
        Last = progress;
        _rate.Observe(progress);
        report?.Flush();
        Show(progress);
    }

    /// <summary>Draws anew what was drawn last: the footer has changed.</summary>
    public void Refresh()
    {
        if (Last is { } progress)
        {
            Show(progress);
        }
    }

    private void Show(CampaignProgress progress)
    {
        if (quiet)
        {
            return;
        }

        if (_live is not null)
        {
            _live.Draw(ProgressView.Draw(progress, _rate, clock.GetUtcNow(), Footer()));
        }
        else if (progress.Elapsed - _lastLine >= PlainInterval)
        {
            _lastLine = progress.Elapsed;
            terminal.Screen.WriteLine(ProgressView.Line(progress, _rate) + (Footer() is { } footer ? "; " + footer : ""));
        }
    }

    /// <summary>Takes the live picture away; what was said stays.</summary>
    public void End() => _live?.Erase();

    /// <summary>A line that stays above the picture.</summary>
    public void Say(string line)
    {
        if (_live is not null)
        {
            _live.WriteLine(line);
        }
        else
        {
            terminal.Screen.WriteLine(line);
        }
    }

    /// <summary>What came from a list or a server, without what would move the cursor.</summary>
    internal static string Printable(string text)
    {
        string cut = text.Length > 200 ? text[..200] + "…" : text;
        return new string([.. cut.Select(c => char.IsControl(c) ? '?' : c)]);
    }
}
