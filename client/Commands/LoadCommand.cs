using System.CommandLine;
using System.Globalization;
using Actors.Loaders.Objects;
using Actors.Sync.ForgeHosts;

namespace Actors.Client.Commands;

/// <summary><c>actors load</c>: its words and what they mean.</summary>
internal static class LoadCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        Argument<string[]> packages = new("PACKAGE")
        {
            Arity = ArgumentArity.OneOrMore,
            HelpName = "pypi:NAME|npm:NAME|debian:SUITE/NAME|crates:NAME|archive:URL…|FILE|-",
            Description = "Packages, or lists of them (a file, plain or gzip; '-' is standard input): one a line, in these forms or as a JSON object that "
                + "names its releases itself; '#' begins a comment.",
        };
        Option<string> store = SharedOptions.Store();
        Option<Era> era = SharedOptions.Of("--era", "How releases become objects: 'rev' makes commits, 'rel' annotated tags; ids are Software Heritage's of either time.", "rev|rel", ParseEra, "rev");
        Option<string?> report = new("--report") { HelpName = "FILE.jsonl", Description = "Write one JSON object a package; '-' is standard output." };
        Option<Uri?> registry = SharedOptions.Of<Uri?>("--registry", "Where the registry is: a mirror, a registry of your own.", "URL", ParseAddress, "what npm, pip and apt are configured with here");
        Option<string?> origin = new("--origin") { HelpName = "TEMPLATE", Description = "How origins are named, with {name} for the package." };
        Option<string[]> mirrors = new("--mirror") { HelpName = "FROM=TO", Description = "Ask for addresses that begin with FROM at TO instead; may be given often." };
        Option<string?> newObjects = new("--new-objects") { HelpName = "FILE", Description = "World of Code's object list (origin;type;oid) of what this run added; gzip when the name ends in .gz." };
        Option<int> jobs = SharedOptions.Of("--jobs", "Packages at once, over all hosts.", "N", ParsePositive, "16");
        Option<int> perHost = SharedOptions.Of("--per-host", "Packages at once on one host.", "N", ParsePositive, "8");
        Option<TimeSpan> maxAge = SharedOptions.Of("--max-age", "Leave packages alone that were loaded successfully since: 30s, 15m, 1h, 7d.", "TIME", Quantities.ParseDuration, "visit all");
        Option<bool> resume = new("--resume") { Description = "Go on with the last unfinished campaign of the same list." };
        Option<bool> obeyRetry = new("--obey-retry") { Description = "Leave alone packages whose last failure asked for a later visit." };
        Option<bool> quiet = new("--quiet", "-q") { Description = "No progress, no failures as they come; only the summary." };
        Option<bool> verbose = new("--verbose", "-v") { Description = "Log changes of state to standard error." };
        Command command = new("load", "Load released packages into the store as git objects; come back only for what is new.")
        {
            packages, store, era, report, registry, origin, mirrors, newObjects, jobs, perHost, maxAge, resume, obeyRetry, quiet, verbose,
        };
        command.SetAction((parsed, cancellation) => new LoadRun(terminal, clock)
        {
            Packages = parsed.GetRequiredValue(packages),
            StorePath = parsed.GetRequiredValue(store),
            Era = parsed.GetValue(era),
            ReportPath = parsed.GetValue(report),
            Registry = parsed.GetValue(registry),
            OriginTemplate = parsed.GetValue(origin),
            Mirrors = [.. (parsed.GetValue(mirrors) ?? []).Select(ParseMirror)],
            NewObjectsPath = parsed.GetValue(newObjects),
            Jobs = parsed.GetValue(jobs) is > 0 and var jobsGiven ? jobsGiven : 16,
            PerHost = parsed.GetValue(perHost) is > 0 and var perHostGiven ? perHostGiven : HostLimits.Default.Concurrency,
            MaxAge = parsed.GetValue(maxAge),
            Resume = parsed.GetValue(resume),
            ObeyRetry = parsed.GetValue(obeyRetry),
            Quiet = parsed.GetValue(quiet),
            Verbose = parsed.GetValue(verbose),
        }.RunAsync(cancellation));
        return command;
    }

    private static Era ParseEra(string text) => text switch
    {
        "rev" => Era.Revision,
        "rel" => Era.Release,
        _ => throw new FormatException($"'{text}' is not rev or rel."),
    };

    private static Uri? ParseAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            ? address
            : throw new FormatException($"'{text}' is no http or https address.");

    private static (string From, string To) ParseMirror(string text)
    {
        string[] parts = text.Split('=', 2);
        return parts.Length == 2 && ParseAddress(parts[0]) is not null && ParseAddress(parts[1]) is not null
            ? (parts[0], parts[1])
            : throw new UserErrorException($"--mirror: '{text}' is not FROM=TO");
    }

    private static int ParsePositive(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and <= 10_000
            ? number
            : throw new FormatException($"'{text}' is not a number from 1 to 10,000.");
}
