using System.CommandLine;
using System.Globalization;
using Actors.Git.Packs;
using Actors.Git.Refs;
using Actors.Sync.ForgeHosts;
using Actors.Web.Clients;

namespace Actors.Client.Commands;

/// <summary><c>actors sync</c>: its words and what they mean.</summary>
internal static class SyncCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        Argument<string[]> sources = new("LIST")
        {
            Arity = ArgumentArity.OneOrMore,
            HelpName = "FILE|-|URL",
            Description = "Lists of repositories (a file, plain or gzip; '-' is standard input) and single URLs or paths. One URL a line; World of Code's "
                + "short forms gh: gl: bb: dr: deb: are known; '#' begins a comment.",
        };
        PlaceOptions place = new();
        Option<RefSelection> refs = SharedOptions.Refs();
        Option<string?> report = new("--report") { HelpName = "FILE.jsonl", Description = "Write one JSON object a repository; '-' is standard output." };
        Option<string?> newObjects = new("--new-objects") { HelpName = "FILE", Description = "World of Code's object list (repo;type;oid) of what this run added; gzip when the name ends in .gz." };
        Option<int> jobs = Number("--jobs", "Syncs at once, over all hosts.", "64");
        Option<int> perHost = Number("--per-host", "Syncs at once on one forge host.", "8");
        Option<double> rate = SharedOptions.Of("--rate", "Syncs begun a second on one forge host; 0 for no limit.", "R", ParseRate, "no limit");
        Option<string?> hosts = new("--hosts") { HelpName = "FILE.json", Description = "Settings of forge hosts (ceilings, quiet hours, canaries) over the presets." };
        Option<bool> parked = new("--parked") { Description = "Also try repositories that were gone or refused for weeks, before their time." };
        Option<TimeSpan> maxAge = SharedOptions.Of("--max-age", "Leave repositories alone that were synced successfully since: 30s, 15m, 1h, 7d.", "TIME", Quantities.ParseDuration, "visit all");
        Option<TimeSpan> deadline = SharedOptions.Of("--deadline", "One sync may take no longer in all.", "TIME", Quantities.ParseDuration, "6h");
        Option<long> packMax = SharedOptions.Of("--pack-max", "Larger packs are 'over-limit': 500MB, 64GB.", "BYTES", Quantities.ParseBytes, "64GiB");
        Option<bool> resume = new("--resume") { Description = "Go on with the last unfinished campaign of the same list: what it has visited is not visited again. Report and object list are added to." };
        Option<bool> obeyRetry = new("--obey-retry") { Description = "Leave alone repositories whose last failure asked for a later visit (retryAt in the report)." };
        Option<bool> detach = new("--detach") { Description = "With --cluster: submit, print the campaign's number, and leave it to the cluster." };
        Option<bool> quiet = new("--quiet", "-q") { Description = "No progress, no failures as they come; only the summary." };
        Option<bool> verbose = new("--verbose", "-v") { Description = "Log changes of state to standard error." };
        Command command = new("sync", "Bring the store up to date with a list of repositories: probe each, fetch only what the store lacks.")
        {
            sources, refs, report, newObjects, jobs, perHost, rate, hosts, parked, maxAge, deadline, packMax, resume, obeyRetry, quiet, verbose, detach,
        };
        place.AddTo(command);
        command.SetAction((parsed, cancellation) => new SyncRun(terminal, clock)
        {
            Sources = parsed.GetRequiredValue(sources),
            StorePath = place.StoreOf(parsed),
            Cluster = ClusterOf(parsed, place, jobs, perHost, rate, hosts, newObjects),
            Detach = parsed.GetValue(detach),
            Refs = parsed.GetRequiredValue(refs),
            ReportPath = parsed.GetValue(report),
            NewObjectsPath = parsed.GetValue(newObjects),
            Jobs = parsed.GetValue(jobs) is > 0 and var jobsGiven ? jobsGiven : 64,
            PerHost = parsed.GetValue(perHost) is > 0 and var perHostGiven ? perHostGiven : HostLimits.Default.Concurrency,
            Rate = parsed.GetValue(rate),
            HostsPath = parsed.GetValue(hosts),
            IncludeParked = parsed.GetValue(parked),
            MaxAge = parsed.GetValue(maxAge),
            Deadline = parsed.GetValue(deadline) is { Ticks: > 0 } deadlineGiven ? deadlineGiven : TimeSpan.FromHours(6),
            PackBytesMax = parsed.GetValue(packMax) is > 0 and var packMaxGiven ? packMaxGiven : PackLimits.Default.PackBytesMax,
            Resume = parsed.GetValue(resume),
            ObeyRetry = parsed.GetValue(obeyRetry),
            Quiet = parsed.GetValue(quiet),
            Verbose = parsed.GetValue(verbose),
        }.RunAsync(cancellation));
        return command;
    }

    /// <summary>The cluster, if it is to do it; then without what is its own business.</summary>
    private static ApiClientOptions? ClusterOf(ParseResult parsed, PlaceOptions place, params ReadOnlySpan<Option> ownBusiness)
    {
        ApiClientOptions? cluster = place.ClusterOf(parsed);
        foreach (Option option in ownBusiness)
        {
            if (cluster is not null && parsed.GetResult(option) is { Implicit: false })
            {
                throw new UserErrorException($"{option.Name} does not go with --cluster: the cluster has settings of its own, for all who use it.");
            }
        }

        return cluster;
    }

    internal static Option<int> Number(string name, string description, string defaultText) =>
        SharedOptions.Of(name, description, "N", ParsePositive, defaultText);

    private static int ParsePositive(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and <= 100_000
            ? number
            : throw new FormatException($"'{text}' is not a number from 1 to 100,000.");

    internal static double ParseRate(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double rate) && rate is >= 0 and < 1e6
            ? rate
            : throw new FormatException($"'{text}' is not a rate a second, such as 5 or 0.5.");
}
