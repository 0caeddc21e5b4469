using System.CommandLine;
using System.Globalization;
using Actors.Client.Clusters;
using Actors.Client.Reports;
using Actors.Client.Screens;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Web.Api;
using Actors.Web.Clients;

namespace Actors.Client.Commands;

/// <summary><c>actors campaign</c>: the campaigns of a cluster.</summary>
internal static class CampaignCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock) => new("campaign", "Look at, watch and steer the campaigns of a cluster (--cluster). 'actors sync --cluster' submits one.")
    {
        CreateList(terminal, clock),
        CreateWatch(terminal, clock),
        CreateReport(terminal, clock),
        CreateSteer(terminal, clock, "pause", "Take up nothing new of a campaign; what runs ends.", CampaignPhase.Paused),
        CreateSteer(terminal, clock, "resume", "Go on with a paused campaign.", CampaignPhase.Running),
        CreateSteer(terminal, clock, "cancel", "End a campaign before its lines: what was done is stored, the rest stays as it was.", CampaignPhase.Cancelled),
        CreatePriority(terminal, clock),
    };

    private static Command CreateList(Terminal terminal, TimeProvider clock)
    {
        Option<int> max = SyncCommand.Number("--max", "So many at most.", "20");
        PlaceOptions place = new();
        Command command = new("list", "Campaigns, newest first.") { max };
        place.AddClusterTo(command);
        command.SetAction((parsed, cancellation) => WithAsync(terminal, clock, place.RequiredClusterOf(parsed), async api =>
        {
            int most = parsed.GetValue(max) is > 0 and var given ? Math.Min(given, 1000) : 20;
            foreach (CampaignView campaign in await api.ListCampaignsAsync(most, cancellation))
            {
                await terminal.Lines.WriteLineAsync(ClusterStatus.LineOf(campaign));
            }
        }, cancellation));
        return command;
    }

    private static Command CreateWatch(Terminal terminal, TimeProvider clock)
    {
        Argument<CampaignId> id = Id();
        Option<string?> report = new("--report") { HelpName = "FILE.jsonl", Description = "Write the whole report, one JSON object a repository; '-' is standard output." };
        Option<bool> quiet = new("--quiet", "-q") { Description = "No progress, no failures as they come; only the summary." };
        PlaceOptions place = new();
        Command command = new("watch", "Show a campaign until it ends, as 'actors sync' does. Ctrl-C ends the watching, not the campaign.") { id, report, quiet };
        place.AddClusterTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using ReportWriter? writer = ReportWriter.Open(parsed.GetValue(report), terminal.Output, append: false);
            CampaignScreen screen = new(terminal, writer, clock, parsed.GetValue(quiet));
            await using ClusterEngine engine = new(place.RequiredClusterOf(parsed), clock, screen.Say);
            await engine.Api.GreetAsync(cancellation);
            CampaignView campaign = await engine.Api.FindCampaignAsync(parsed.GetRequiredValue(id), cancellation);
            return await ClusterWatch.RunAsync(
                terminal, engine, screen, () => engine.FollowAsync(campaign, campaign.Order.Name, resumed: false, screen, cancellation), cancellation);
        });
        return command;
    }

    private static Command CreateReport(Terminal terminal, TimeProvider clock)
    {
        Argument<CampaignId> id = Id();
        Option<long> after = SharedOptions.Of("--after", "Only lines of higher numbers.", "N", ParseLineNumber, "all");
        Option<bool> follow = new("--follow", "-f") { Description = "Wait for more until the campaign has ended." };
        PlaceOptions place = new();
        Command command = new("report", "Print a campaign's report as far as it is: one JSON object a repository; rejected lines go to standard error.") { id, after, follow };
        place.AddClusterTo(command);
        command.SetAction((parsed, cancellation) => WithAsync(terminal, clock, place.RequiredClusterOf(parsed), async api =>
        {
            CampaignId campaign = parsed.GetRequiredValue(id);
            _ = await api.FindCampaignAsync(campaign, cancellation);
            using ReportWriter writer = ReportWriter.ToStream(terminal.Output);
            bool following = parsed.GetValue(follow);
            await foreach (ReportLine line in api.ReadReportAsync(campaign, parsed.GetValue(after), following, cancellation))
            {
                Print(terminal, writer, line);
                if (following)
                {
                    writer.Flush();
                }
            }
        }, cancellation));
        return command;
    }

    private static void Print(Terminal terminal, ReportWriter writer, ReportLine line)
    {
        if (line.Sync is { } sync)
        {
            writer.Write(sync);
        }

        if (line.Rejected is { } rejected)
        {
            terminal.Error.WriteLine($"line {rejected.LineNumber}: '{CampaignScreen.Printable(rejected.Text)}' is no repository: {rejected.Reason}");
        }
    }

    private static Command CreateSteer(Terminal terminal, TimeProvider clock, string verb, string description, CampaignPhase wanted)
    {
        Argument<CampaignId> id = Id();
        PlaceOptions place = new();
        Command command = new(verb, description) { id };
        place.AddClusterTo(command);
        command.SetAction((parsed, cancellation) => WithAsync(terminal, clock, place.RequiredClusterOf(parsed), async api =>
        {
            CampaignId campaign = parsed.GetRequiredValue(id);
            CampaignPhase phase = await api.SteerAsync(campaign, wanted, cancellation);
            await terminal.Lines.WriteLineAsync($"campaign {campaign} is {CampaignJson.NameOf(phase)}");
        }, cancellation));
        return command;
    }

    private static Command CreatePriority(Terminal terminal, TimeProvider clock)
    {
        Argument<CampaignId> id = Id();
        Argument<int> priority = new("N") { Description = "From -100 to 100; higher goes first." };
        PlaceOptions place = new();
        Command command = new("priority", "Change a campaign's priority.") { id, priority };
        place.AddClusterTo(command);
        command.SetAction((parsed, cancellation) => WithAsync(terminal, clock, place.RequiredClusterOf(parsed), async api =>
        {
            await api.SetPriorityAsync(parsed.GetRequiredValue(id), parsed.GetRequiredValue(priority), cancellation);
            await terminal.Lines.WriteLineAsync($"campaign {parsed.GetRequiredValue(id)} has priority {parsed.GetRequiredValue(priority)}");
        }, cancellation));
        return command;
    }

    private static Argument<CampaignId> Id() => new("ID")
    {
        Description = "A campaign's number.",
        CustomParser = result => SharedOptions.Parsed(result, CampaignId.Parse),
    };

    private static long ParseLineNumber(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : throw new FormatException($"'{text}' is not a line's number.");

    private static async Task<int> WithAsync(Terminal terminal, TimeProvider clock, ApiClientOptions cluster, Func<ApiClient, Task> act, CancellationToken cancellationToken)
    {
        using ApiClient api = new(cluster, clock);
        await api.GreetAsync(cancellationToken);
        await act(api);
        await terminal.Lines.FlushAsync(cancellationToken);
        return ExitCode.AllWell;
    }
}
