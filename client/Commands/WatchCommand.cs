using System.CommandLine;
using Actors.Sync.ForgeHosts;

namespace Actors.Client.Commands;

/// <summary><c>actors watch</c>: its words and what they mean.</summary>
internal static class WatchCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        Argument<string[]> sources = new("LIST")
        {
            Arity = ArgumentArity.ZeroOrMore,
            HelpName = "FILE|-|URL",
            Description = "Lists of repositories to add to the schedule, as 'actors sync' takes them. What the store knows is scheduled already.",
        };
        Option<string> store = SharedOptions.Store();
        Option<string[]> events = new("--events")
        {
            Arity = ArgumentArity.ZeroOrMore, AllowMultipleArgumentsPerToken = true, HelpName = "FILE",
            Description = "Files of GitHub's public event archive (JSON lines, gzip or plain): pushes to scheduled repositories bring their visits forward.",
        };
        WatchOptionSet watched = new();
        Option<bool> once = new("--once") { Description = "End when nothing is due, instead of waiting for ever." };
        Option<string?> report = new("--report") { HelpName = "FILE.jsonl", Description = "Write one JSON object a visit; '-' is standard output." };
        Option<int> jobs = SyncCommand.Number("--jobs", "Syncs at once, over all hosts.", "64");
        Option<int> perHost = SyncCommand.Number("--per-host", "Syncs at once on one forge host.", "8");
        Option<string?> hosts = new("--hosts") { HelpName = "FILE.json", Description = "Settings of forge hosts (ceilings, quiet hours, canaries) over the presets." };
        Option<bool> quiet = new("--quiet", "-q") { Description = "No progress, no failures as they come." };
        Option<bool> verbose = new("--verbose", "-v") { Description = "Log changes of state to standard error." };
        Command command = new("watch", "Keep the store fresh for ever: visit each repository when its changes so far, pushes and listings say that it pays. Ctrl-C stops; the next start goes on.")
        {
            sources, store, events, once, report, jobs, perHost, hosts, quiet, verbose,
        };
        watched.AddTo(command);
        command.SetAction((parsed, cancellation) => new WatchRun(terminal, clock)
        {
            Sources = parsed.GetValue(sources) ?? [],
            StorePath = parsed.GetRequiredValue(store),
            Events = parsed.GetValue(events) ?? [],
            Webhooks = watched.WebhooksOf(parsed),
            SecretPath = watched.SecretOf(parsed),
            VisitsADay = watched.VisitsOf(parsed),
            Once = parsed.GetValue(once),
            ReportPath = parsed.GetValue(report),
            Jobs = parsed.GetValue(jobs) is > 0 and var jobsGiven ? jobsGiven : 64,
            PerHost = parsed.GetValue(perHost) is > 0 and var perHostGiven ? perHostGiven : HostLimits.Default.Concurrency,
            HostsPath = parsed.GetValue(hosts),
            Quiet = parsed.GetValue(quiet),
            Verbose = parsed.GetValue(verbose),
        }.RunAsync(cancellation));
        return command;
    }
}
