using System.CommandLine;
using Actors.Git.Packs;
using Actors.Git.Refs;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Mirrors;

namespace Actors.Client.Commands;

/// <summary><c>actors mirror</c>: its words and what they mean.</summary>
internal static class MirrorCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        Argument<string?> source = new("SOURCE")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "The repository: https, http, git, ssh or file URL, a path, or a short form such as gh:owner/name.",
        };
        Argument<string?> target = new("TARGET")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "Where its mirror goes: s3://BUCKET/PREFIX (credentials, region and endpoint as every AWS tool finds them: AWS_PROFILE, "
                + "AWS_ACCESS_KEY_ID, AWS_REGION, AWS_ENDPOINT_URL_S3 …), or a directory. Any web server over it serves git clone and git fetch.",
        };
        Option<string?> pairs = new("--pairs")
        {
            HelpName = "FILE",
            Description = "Mirror many at once: SOURCE, TAB or space, TARGET a line; '#' begins a comment; plain or gzip; '-' is standard input.",
        };
        Option<RefSelection> refs = SharedOptions.Refs();
        Option<bool> lfs = new("--lfs") { Description = "Bring the objects of Git LFS that the mirrored refs' files point to, into lfs/objects/ of the mirror." };
        Option<bool> bundle = new("--bundle") { Description = "Keep mirror.bundle beside the mirror, for 'git clone --bundle-uri=URL/mirror.bundle URL'; renewed when half its size was added." };
        Option<bool> takeOver = new("--take-over") { Description = "Write also where another repository lies, or the mirror of another source." };
        Option<TimeSpan> grace = SharedOptions.Of("--grace", "Packs that nothing names any more stay so long, for clones that began earlier.", "TIME", Quantities.ParseDuration, "24h");
        Option<TimeSpan> claimTime = SharedOptions.Of("--claim-time", "A writer has so long for its last, small writes; after a kill in them the next run waits for the rest of it.", "TIME", Quantities.ParseDuration, "30s");
        claimTime.Hidden = true;
        Option<string> store = SharedOptions.Store();
        Option<string?> report = new("--report") { HelpName = "FILE.jsonl", Description = "Write one JSON object a mirror; '-' is standard output." };
        Option<int> jobs = SyncCommand.Number("--jobs", "Syncs at once, over all hosts.", "64");
        Option<int> perHost = SyncCommand.Number("--per-host", "Syncs at once on one forge host.", "8");
        Option<long> packMax = SharedOptions.Of("--pack-max", "Larger packs of sources are 'over-limit': 500MB, 64GB.", "BYTES", Quantities.ParseBytes, "64GiB");
        Option<bool> quiet = new("--quiet", "-q") { Description = "No progress, no failures as they come; only the summary." };
        Option<bool> verbose = new("--verbose", "-v") { Description = "Log changes of state to standard error." };
        Command command = new("mirror", "Mirror repositories to S3 or directories, where stock git clones and fetches them over plain HTTP. The first run writes one pack; "
            + "later ones only what is new, one small read where nothing is. What upstream rewrites or deletes stays reachable under refs/actors/history/; "
            + "a source that is gone keeps its mirror.")
        {
            source, target, pairs, refs, lfs, bundle, takeOver, grace, claimTime, store, report, jobs, perHost, packMax, quiet, verbose,
        };
        command.SetAction((parsed, cancellation) => new MirrorRun(terminal, clock)
        {
            Source = parsed.GetValue(source),
            Target = parsed.GetValue(target),
            PairsPath = parsed.GetValue(pairs),
            StorePath = parsed.GetRequiredValue(store),
            Refs = parsed.GetRequiredValue(refs),
            ReportPath = parsed.GetValue(report),
            Jobs = parsed.GetValue(jobs) is > 0 and var jobsGiven ? jobsGiven : 64,
            PerHost = parsed.GetValue(perHost) is > 0 and var perHostGiven ? perHostGiven : HostLimits.Default.Concurrency,
            PackBytesMax = parsed.GetValue(packMax) is > 0 and var packMaxGiven ? packMaxGiven : PackLimits.Default.PackBytesMax,
            Quiet = parsed.GetValue(quiet),
            Verbose = parsed.GetValue(verbose),
            Options = new MirrorOptions
            {
                Lfs = parsed.GetValue(lfs),
                Bundle = parsed.GetValue(bundle),
                TakeOver = parsed.GetValue(takeOver),
                Grace = parsed.GetResult(grace) is null ? MirrorOptions.Default.Grace : parsed.GetValue(grace),
                ClaimTime = parsed.GetResult(claimTime) is null ? MirrorOptions.Default.ClaimTime : parsed.GetValue(claimTime),
            },
        }.RunAsync(cancellation));
        return command;
    }
}
