using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Spectre.Console;

namespace Actors.Client.Screens;

/// <summary>The table at the end of a campaign.</summary>
internal static class CampaignSummary
{
    public static void Write(IAnsiConsole screen, CampaignProgress progress)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("outcome").AddColumn(new TableColumn("repositories").RightAligned());
        foreach (Outcome outcome in OutcomeNames.All.Where(o => progress.Count(o) > 0))
        {
            table.AddRow($"[{ProgressView.Colour(outcome)}]{outcome.ToName()}[/]", Quantities.Count(progress.Count(outcome)));
        }

        AddIfAny(table, "skipped", progress.Skipped);
        AddIfAny(table, "duplicate lines", progress.Duplicates);
        AddIfAny(table, "rejected lines", progress.Rejected);
        screen.Write(table);
        long done = progress.Done();
        double seconds = Math.Max(progress.Elapsed.TotalSeconds, 0.001);
        screen.WriteLine($"{Quantities.Count(done)} repositories in {Quantities.Duration(progress.Elapsed)} ({done / seconds:0.#}/s), "
            + $"{Quantities.Count(progress.Requests)} requests, {Quantities.Bytes(progress.BytesReceived)} received, {Quantities.Count(progress.Objects)} new objects"
            + (progress.BytesSaved > 0 ? $"; cloning would have received {Quantities.Bytes(progress.BytesSaved)} more" : ""));
    }

    private static void AddIfAny(Table table, string name, long count)
    {
        if (count > 0)
        {
            table.AddRow($"[grey]{name}[/]", Quantities.Count(count));
        }
    }
}
