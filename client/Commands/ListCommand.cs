using System.CommandLine;
using System.Globalization;
using Actors.Loaders.Listings;
using Actors.Sync.ForgeHosts;

namespace Actors.Client.Commands;

/// <summary><c>actors list</c>: its words and what they mean.</summary>
internal static class ListCommand
{
    private const string Help = "Find repositories: list what a forge, a distribution or a database of your own names, as lines, or straight into the schedule or a sync.";

    private const string SourceHelp =
        """
        What to list; several, one after the other:
          github:ORG, github:all, github:since=ID   an organisation's or person's; all public ones, from a number on
          gitlab:HOST, gitlab:HOST/GROUP            all projects; those of a group and its subgroups, or of a person
          gitea:HOST, gitea:HOST/OWNER              a Gitea's or Forgejo's
          bitbucket:WORKSPACE, bitbucket:all        Bitbucket Cloud's
          cgit:URL, gitweb:URL                      an index; each repository's page is asked where it is cloned
          sourceforge:PROJECT, sourceforge:all      git tools of projects
          debian:SUITE                              Vcs-Git of every source package, by apt's own mirror
          sql:CONNECTION QUERY                      addresses that a query gives, or names with --packages
        For example:
          actors list github:debian > list.txt
          actors list gitlab:salsa.debian.org | actors sync -
          actors list gitea:codeberg.org --resume --schedule && actors watch
          actors list sql:packages.db 'SELECT Package FROM Packages' --packages debian:sid --new --sync
        Tokens come from the environment (ACTORS_TOKEN_HOST, GITHUB_TOKEN, GITLAB_TOKEN), .netrc or git's helpers.
        """;

    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        Argument<string[]> sources = new("SOURCE") { Arity = ArgumentArity.OneOrMore, Description = SourceHelp };
        Option<string> store = SharedOptions.Store();
        Option<string> format = new("--format") { HelpName = "urls|jsonl", Description = "Lines of addresses, or JSON objects with url, parent, sizeBytes, updatedAt.", DefaultValueFactory = _ => "urls" };
        format.AcceptOnlyFromAmong("urls", "jsonl");
        Option<bool> schedule = new("--schedule") { Description = "Add to the schedule that 'actors watch' works, and tell it what changed, instead of printing." };
        Option<bool> sync = new("--sync") { Description = "Sync what is listed, as it comes, instead of printing." };
        Option<bool> resume = new("--resume") { Description = "Go on where the last listing of the same source was; where the forge numbers its repositories, an ended one goes on with what is new." };
        Option<string?> containing = new("--containing") { HelpName = "TEXT", Description = "Only addresses with this text in them." };
        Option<DateTimeOffset?> since = SharedOptions.Of<DateTimeOffset?>("--since", "Only what changed since: 2026-01-31, or 7d ago. What the forge tells no time of stays.", "TIME", text => ParseTime(text, clock), "all");
        Option<DateTimeOffset?> until = SharedOptions.Of<DateTimeOffset?>("--until", "Only what changed before.", "TIME", text => ParseTime(text, clock), "all");
        Option<bool> onlyNew = new("--new") { Description = "Leave out what the store knows already." };
        Option<TimeSpan> time = SharedOptions.Of("--for", "Stop after this time; --resume goes on: 5m, 2h.", "TIME", Quantities.ParseDuration, "to the end");
        Option<string?> packages = new("--packages") { HelpName = "debian:SUITE", Description = "With sql: the query gives names of source packages; their Vcs-Git is listed, and which there are none of told." };
        Option<string?> errors = new("--errors") { HelpName = "FILE", Description = "Write what could not be listed or synced: address or name, what, why." };
        Option<string?> hashes = new("--hashes") { HelpName = "FILE", Description = "With --sync: write url;oid;oid… of each repository that was visited." };
        Option<string?> report = new("--report") { HelpName = "FILE.jsonl", Description = "With --sync: write one JSON object a repository; '-' is standard output." };
        Option<Uri?> api = SharedOptions.Of<Uri?>("--api", "Where the forge's API or the distribution's archive is, in place of its own address.", "URL", ParseAddress, "the forge's");
        Option<string?> clone = new("--clone") { HelpName = "PREFIX", Description = "cgit, gitweb: what stands before a repository's name in its clone address; saves a request each." };
        Option<bool> parents = new("--parents") { Description = "GitHub: ask for each fork what it is a fork of; a request each." };
        Option<int> jobs = SyncCommand.Number("--jobs", "With --sync: syncs at once, over all hosts.", "64");
        Option<int> perHost = SyncCommand.Number("--per-host", "Requests or syncs at once on one forge host.", "8");
        Option<string?> hosts = new("--hosts") { HelpName = "FILE.json", Description = "Settings of forge hosts (ceilings, quiet hours, canaries) over the presets." };
        Option<bool> quiet = new("--quiet", "-q") { Description = "No progress." };
        Command command = new("list", Help)
        {
            sources, store, format, schedule, sync, resume, containing, since, until, onlyNew, time, packages, errors, hashes, report, api, clone, parents, jobs, perHost, hosts, quiet,
        };
        command.SetAction((parsed, cancellation) => new ListRun(terminal, clock)
        {
            Sources = parsed.GetRequiredValue(sources),
            StorePath = parsed.GetRequiredValue(store),
            IsJson = parsed.GetValue(format) == "jsonl",
            Schedule = parsed.GetValue(schedule),
            Sync = parsed.GetValue(sync),
            Resume = parsed.GetValue(resume),
            Containing = parsed.GetValue(containing),
            Since = parsed.GetValue(since),
            Until = parsed.GetValue(until),
            OnlyNew = parsed.GetValue(onlyNew),
            Time = parsed.GetValue(time),
            PackagesOf = parsed.GetValue(packages),
            ErrorsPath = parsed.GetValue(errors),
            HashesPath = parsed.GetValue(hashes),
            ReportPath = parsed.GetValue(report),
            Options = new ListingOptions { Api = parsed.GetValue(api), ClonePrefix = parsed.GetValue(clone), AskParents = parsed.GetValue(parents) },
            Jobs = parsed.GetValue(jobs) is > 0 and var jobsGiven ? jobsGiven : 64,
            PerHost = parsed.GetValue(perHost) is > 0 and var perHostGiven ? perHostGiven : HostLimits.Default.Concurrency,
            HostsPath = parsed.GetValue(hosts),
            Quiet = parsed.GetValue(quiet),
        }.RunAsync(cancellation));
        return command;
    }

    private static DateTimeOffset? ParseTime(string text, TimeProvider clock) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)
            ? time
            : clock.GetUtcNow() - Quantities.ParseDuration(text);

    private static Uri? ParseAddress(string text) =>
        Uri.TryCreate(text.EndsWith('/') ? text : text + "/", UriKind.Absolute, out Uri? address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps) && address.UserInfo.Length == 0
            ? address
            : throw new FormatException($"'{text}' is no http or https address without credentials.");
}
