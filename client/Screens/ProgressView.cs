using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.ForgeHosts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Actors.Client.Screens;

/// <summary>A campaign's progress as a picture: a bar, the outcomes, the busiest hosts.</summary>
internal static class ProgressView
{
    private const int HostRows = 6;
    private const int BarWidth = 30;

    /// <summary>The whole picture.</summary>
    public static IRenderable Draw(CampaignProgress progress, ProgressRate rate, DateTimeOffset now, string? footer)
    {
        List<IRenderable> rows = [new Markup(Headline(progress, rate)), Outcomes(progress)];
        if (progress.Hosts.Count > 0)
        {
            rows.Add(Hosts(progress.Hosts, now));
        }

        if (footer is not null)
        {
            rows.Add(new Text(footer));
        }

        return new Rows(rows);
    }

    /// <summary>One line, for logs and pipes.</summary>
    public static string Line(CampaignProgress progress, ProgressRate rate)
    {
        long done = progress.Done();
        string of = progress.ListEnded ? $" of {Quantities.Count(progress.Repositories)}" : $" (list: {Quantities.Count(progress.LinesRead)} lines read)";
        IEnumerable<string> outcomes = OutcomeNames.All
            .Where(o => progress.Count(o) > 0)
            .Select(o => $"{o.ToName()} {Quantities.Count(progress.Count(o))}");
        return $"{Quantities.Count(done)}{of} done, {rate.PerSecond:0.#}/s, {string.Join(", ", outcomes.DefaultIfEmpty("none ended yet"))}; "
            + $"{Quantities.Bytes(progress.BytesReceived)} received{Saved(progress)}{Left(progress, rate)}";
    }

    private static string Headline(CampaignProgress progress, ProgressRate rate)
    {
        long done = progress.Done();
        double share = progress.Repositories == 0 ? 0 : Math.Min(1, (double)done / progress.Repositories);
        int filled = (int)Math.Round(share * BarWidth);
        string bar = $"[green]{new string('━', filled)}[/][grey]{new string('━', BarWidth - filled)}[/]";
        string of = progress.ListEnded ? Quantities.Count(progress.Repositories) : $"{Quantities.Count(progress.Repositories)}… (reading the list)";
        return $"{bar} {share:0%}  [bold]{Quantities.Count(done)}[/] of {of}  {rate.PerSecond:0.#}/s  "
            + $"{Quantities.Bytes(progress.BytesReceived)} received{Saved(progress)}  {Quantities.Duration(progress.Elapsed)}{Left(progress, rate)}";
    }

    private static string Saved(CampaignProgress progress) =>
        progress.BytesSaved > 0 ? $", {Quantities.Bytes(progress.BytesSaved)} saved against cloning" : "";

    private static string Left(CampaignProgress progress, ProgressRate rate) =>
        progress.ListEnded && rate.TimeLeft(progress) is { } left ? $", {Quantities.Duration(left)} left" : "";

    private static Markup Outcomes(CampaignProgress progress)
    {
        IEnumerable<string> parts = OutcomeNames.All
            .Where(o => progress.Count(o) > 0)
            .Select(o => $"[{Colour(o)}]{o.ToName()} {Quantities.Count(progress.Count(o))}[/]")
            .Append($"[grey]running {progress.Running}[/]");
        if (progress.Skipped > 0)
        {
            parts = parts.Append($"[grey]skipped {Quantities.Count(progress.Skipped)}[/]");
        }

        return new Markup(string.Join("  ", parts));
    }

    private static Grid Hosts(IReadOnlyList<HostProgress> hosts, DateTimeOffset now)
    {
        Grid grid = new();
        grid.AddColumn(new GridColumn().NoWrap());
        for (int i = 0; i < 4; i++)
        {
            grid.AddColumn(new GridColumn().RightAligned().NoWrap());
        }

        foreach (HostProgress host in hosts.Take(HostRows))
        {
            string state = host.SilentUntil is { } until && until > now
                ? $"[yellow]silent for {Quantities.Duration(until - now)}[/]"
                : host.Throttled > 0 ? $"[yellow]throttled {Quantities.Count(host.Throttled)}[/]" : "";
            grid.AddRow(Markup.Escape(host.Host.ToString()), $"running {host.Running}", $"waiting {Quantities.Count(host.Waiting)}", $"done {Quantities.Count(host.Done)}", state);
        }

        return grid;
    }

    internal static string Colour(Outcome outcome) => outcome switch
    {
        Outcome.New or Outcome.Updated => "green",
        Outcome.Unchanged or Outcome.Empty => "blue",
        Outcome.Throttled or Outcome.Moved or Outcome.Gone or Outcome.Refused or Outcome.Unsupported or Outcome.OverLimit or Outcome.Partial => "yellow",
        _ => "red",
    };
}
