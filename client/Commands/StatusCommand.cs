using System.CommandLine;
using System.Globalization;
using Actors.Client.Clusters;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Store.Schedules;
using Actors.Sync.Schedules;

namespace Actors.Client.Commands;

/// <summary><c>actors status</c>: what a store holds.</summary>
internal static class StatusCommand
{
    private const int CampaignsShown = 5;

    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        PlaceOptions place = new();
        Command command = new("status", "Show how far the store is behind the forges and what it holds: objects, packs, repositories by outcome, silent forge hosts, the latest campaigns; of a cluster its lag, silos, forge hosts and campaigns.");
        place.AddTo(command);
        command.SetAction((parsed, cancellation) => place.ClusterOf(parsed) is { } cluster
            ? ClusterStatus.PrintAsync(terminal, clock, cluster, cancellation)
            : RunAsync(terminal, clock, place.StoreOf(parsed), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, TimeProvider clock, string path, CancellationToken cancellationToken)
    {
        await using ReadingStore store = await ReadingStore.OpenAsync(path, clock, cancellationToken);
        StoreFigures figures = await store.Objects.ReadFiguresAsync(cancellationToken);
        TextWriter lines = terminal.Lines;
        lines.WriteLine($"store         {store.Place.Shown}");
        if (store.Heads is IScheduleStore schedule && WatchRun.Footer(await WatchFigures.ReadAsync(schedule, clock.GetUtcNow(), cancellationToken)) is { } watched)
        {
            lines.WriteLine("watched       " + watched);
        }

        lines.WriteLine($"objects       {Quantities.Count(figures.Objects)} in {Quantities.Count(figures.Packs)} packs, {Quantities.Bytes(figures.PackBytes)}");
        lines.WriteLine($"object index  {Quantities.Bytes(figures.IndexBytes)} in {figures.IndexRuns} runs");
        if (figures.AsidePacks > 0)
        {
            lines.WriteLine($"kept aside    {figures.AsidePacks} (incomplete or colliding{(store.Place.Folder is { } folder ? $"; see {Path.Combine(folder, "aside")}" : "")})");
        }

        await WriteRepositoriesAsync(lines, store.Heads, cancellationToken);
        await WriteHostsAsync(lines, store.Heads, clock.GetUtcNow(), cancellationToken);
        await WriteCampaignsAsync(lines, store.Heads, cancellationToken);
        await terminal.Lines.FlushAsync(cancellationToken);
        return ExitCode.AllWell;
    }

    private static async Task WriteRepositoriesAsync(TextWriter lines, IHeadStore heads, CancellationToken cancellationToken)
    {
        IReadOnlyList<long> counts = await heads.CountByOutcomeAsync(cancellationToken);
        lines.WriteLine($"repositories  {Quantities.Count(counts.Sum())}");
        if (counts.Count > 0 && counts[0] > 0)
        {
            lines.WriteLine($"  {"never visited",-13} {Quantities.Count(counts[0]),12}");
        }

        foreach (Outcome outcome in OutcomeNames.All.Where(o => (int)o < counts.Count && counts[(int)o] > 0))
        {
            lines.WriteLine($"  {outcome.ToName(),-13} {Quantities.Count(counts[(int)outcome]),12}");
        }
    }

    private static async Task WriteHostsAsync(TextWriter lines, IHeadStore heads, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await foreach (ForgeHostState host in heads.ListForgeHostsAsync(cancellationToken))
        {
            if (host.SilentUntil is { } until && until > now)
            {
                lines.WriteLine($"silent        {host.Host} until {Quantities.Time(until)}");
            }
        }
    }

    private static async Task WriteCampaignsAsync(TextWriter lines, IHeadStore heads, CancellationToken cancellationToken)
    {
        int shown = 0;
        await foreach (CampaignState campaign in heads.ListCampaignsAsync(cancellationToken))
        {
            if (shown++ == CampaignsShown)
            {
                break;
            }

            string end = campaign.EndedAt is { } ended ? $"ended {Quantities.Time(ended)}" : $"not finished, {Quantities.Count(campaign.LinesDone)} lines done (--resume goes on)";
            lines.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"campaign {campaign.Id,-4} began {Quantities.Time(campaign.StartedAt)}, {end}, {Quantities.Count(campaign.Outcomes.Sum())} syncs"));
        }
    }
}
