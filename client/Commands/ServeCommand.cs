using System.CommandLine;
using Actors.Sync.ForgeHosts;

namespace Actors.Client.Commands;

/// <summary><c>actors serve</c>: its words and what they mean.</summary>
internal static class ServeCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        Option<string> store = SharedOptions.Store();
        Option<string> listen = new("--listen") { HelpName = "ADDRESS:PORT", Description = "Where the API is served. Plain HTTP: put a server with a certificate before it.", DefaultValueFactory = _ => "127.0.0.1:8421" };
        Option<string?> tokens = new("--token-file") { HelpName = "FILE", Description = "Who may do what: a line each, 'read TOKEN' or 'write TOKEN'. Asked for as 'Authorization: Bearer TOKEN'." };
        Option<bool> noToken = new("--no-token") { Description = "Serve without tokens on other addresses than this machine's own too: everybody who reaches them may submit and cancel." };
        Option<string?> metrics = new("--metrics-listen") { HelpName = "ADDRESS:PORT", Description = "Serve /metrics here and not with the API; reading them needs no token here." };
        Option<string?> dashboard = new("--dashboard-listen") { HelpName = "ADDRESS:PORT", Description = "Serve the dashboard, and the API for it, here and not at --listen." };
        Option<bool> allowPrivate = new("--allow-private-addresses")
        {
            Description = "Visit repositories on this machine and its network too. Without it nothing is connected to but public addresses, whatever a list, a name server or a redirect says.",
        };
        Option<bool> allowAll = new("--allow-all-urls") { Description = "Visit file:// URLs and paths (with --allow-private-addresses), ssh:// and git:// too: whoever submits may read this machine's disk and use its keys." };
        Option<int> jobs = SyncCommand.Number("--jobs", "Syncs at once in one campaign, over all hosts.", "64");
        Option<int> perHost = SyncCommand.Number("--per-host", "Syncs at once on one forge host, of all campaigns.", "8");
        Option<double> rate = SharedOptions.Of("--rate", "Syncs begun a second on one forge host; 0 for no limit.", "R", SyncCommand.ParseRate, "no limit");
        Option<string?> hosts = new("--hosts") { HelpName = "FILE.json", Description = "Settings of forge hosts (ceilings, quiet hours, canaries) over the presets." };
        Option<bool> watch = new("--watch") { Description = "Keep what the store knows, and what is submitted, fresh for ever, as 'actors watch' does, beside the campaigns." };
        WatchOptionSet watched = new();
        Option<bool> verbose = new("--verbose", "-v") { Description = "Log changes of state to standard error." };
        Command command = new("serve", "Serve the store's engine over HTTP: lists are submitted, worked by themselves, watched and steered; what was submitted survives "
            + "the process. Runs until Ctrl-C or SIGTERM.")
        {
            store, listen, tokens, noToken, metrics, dashboard, allowPrivate, allowAll, jobs, perHost, rate, hosts, verbose, watch,
        };
        watched.AddTo(command);
        command.SetAction((parsed, cancellation) => new ServeRun(terminal, clock)
        {
            StorePath = parsed.GetRequiredValue(store),
            Listen = parsed.GetRequiredValue(listen),
            TokenPath = parsed.GetValue(tokens),
            NoToken = parsed.GetValue(noToken),
            MetricsListen = parsed.GetValue(metrics),
            DashboardListen = parsed.GetValue(dashboard),
            AllowPrivate = parsed.GetValue(allowPrivate),
            AllowAllUrls = parsed.GetValue(allowAll),
            Jobs = parsed.GetValue(jobs) is > 0 and var jobsGiven ? jobsGiven : 64,
            HostLimits = new HostLimits(
                parsed.GetValue(perHost) is > 0 and var perHostGiven ? perHostGiven : HostLimits.Default.Concurrency,
                parsed.GetValue(rate) is > 0 and var rateGiven ? rateGiven : double.PositiveInfinity),
            HostsPath = parsed.GetValue(hosts),
            Verbose = parsed.GetValue(verbose),
            VisitsADay = parsed.GetValue(watch) ? watched.VisitsOf(parsed)
                : watched.IsGiven(parsed) ? throw new UserErrorException("--visits and --webhooks are for --watch, which is missing") : null,
            Webhooks = watched.WebhooksOf(parsed),
            SecretPath = watched.SecretOf(parsed),
        }.RunAsync(cancellation));
        return command;
    }
}
