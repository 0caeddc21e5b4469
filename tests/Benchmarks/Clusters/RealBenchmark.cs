using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Actors.Benchmarks.Measuring;
using Actors.TestKit.Git;
using Actors.TestKit.Servers;

namespace Actors.Benchmarks.Clusters;

/// <summary>
/// Public repositories from git's own daemon through a cluster, by <c>actors sync --cluster</c>, twice. Each is then exported from the store and
/// judged by git: the same branches and tags, the same objects reached, the same complaints of fsck.
/// </summary>
internal static class RealBenchmark
{
    public const string Usage = "cluster-real FOLDER [SILOS]: the bare repositories below a folder, synced by a cluster and judged by git; publish silo (ACTORS_SILO=DIR) and build client first";

    private const int DepthMax = 3;

    public static async Task<int> RunAsync(string[] args)
    {
        string folder = Path.GetFullPath(args[0]);
        int silos = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5;
        string[] found = [.. Find(folder, 0).Select(path => Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal)];
        string[] repositories = [.. found.Where(repository => IsWhole(Path.Combine(folder, repository)))];
        using GitDaemon daemon = GitDaemon.Start(folder);
        await using ClusterBed bed = await ClusterBed.MakeAsync(1, 0, 1, 1, "max_connections=500");
        bed.Settings["ACTORS_MEMORY"] = "1024";
        await bed.MigrateAsync();
        await bed.StartAsync(silos);
        string list = bed.PathOf("list.txt");
        await File.WriteAllLinesAsync(list, repositories.Select(daemon.UrlOf));
        (Dictionary<string, JsonElement> first, double seconds) = await SyncAsync(bed, list);
        (Dictionary<string, JsonElement> second, double again) = await SyncAsync(bed, list);
        _ = bed.CheckSilos();
        await bed.CheckStoreAsync();
        ResultTable table = new(
            "Public repositories through a cluster",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{silos} silos, packs in a directory, {repositories.Length} repositories served by git daemon, most of them forks of each other ({found.Length - repositories.Length} more of which git itself misses objects were left out); `actors sync --cluster` of the list: {seconds:F1} s; once more, nothing changed: {again:F1} s. ")
            + "Then `actors fsck`, and each repository is exported (`actors export`) and compared with its source by git: branches and tags, `rev-list --objects` of all that they reach, what `git fsck --full` says. A row that is here passed.",
            ["repository", "outcome", "then", "objects reached", "of them new to the store", "MB received"]);
        foreach (string repository in repositories)
        {
            JsonElement report = first[daemon.UrlOf(repository)];
            long objects = await JudgeAsync(bed, daemon.UrlOf(repository), Path.Combine(folder, repository));
            table.Add(
                repository, Word(report, "outcome"), Word(second[daemon.UrlOf(repository)], "outcome"), objects.ToString("N0", CultureInfo.InvariantCulture), Number(report, "objects", 1, "N0"),
                Number(report, "bytesReceived", 1e6, "F2"));
        }

        await table.WriteAsync("cluster-real.md");
        return 0;
    }

    private static bool IsWhole(string repository) => new GitCommand(repository).Try(ReadOnlySpan<byte>.Empty, "rev-list", "--objects", "--quiet", "--all").ExitCode == 0;

    private static IEnumerable<string> Find(string folder, int depth) => File.Exists(Path.Combine(folder, "HEAD")) && Directory.Exists(Path.Combine(folder, "objects"))
        ? [folder]
        : depth == DepthMax ? [] : Directory.EnumerateDirectories(folder).SelectMany(below => Find(below, depth + 1));

    /// <summary>The reports by URL, and how long it took.</summary>
    private static async Task<(Dictionary<string, JsonElement> Reports, double Seconds)> SyncAsync(ClusterBed bed, string list)
    {
        string report = bed.PathOf("report.jsonl");
        long began = Stopwatch.GetTimestamp();
        await bed.RunActorsAsync(isStore: false, "sync", list, "--cluster", bed.Silos[0].Api.GetLeftPart(UriPartial.Authority), "--report", report);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return ((await File.ReadAllLinesAsync(report)).Select(line => JsonDocument.Parse(line).RootElement).ToDictionary(line => Word(line, "url")), seconds);
    }

    /// <summary>How many objects the exported repository's branches and tags reach.</summary>
    private static async Task<long> JudgeAsync(ClusterBed bed, string url, string source)
    {
        string exported = bed.PathOf("exported");
        await bed.RunActorsAsync(isStore: true, "export", url, exported);
        (GitCommand ours, GitCommand theirs) = (new(exported), new(source));
        string[] refs = ["for-each-ref", "--format=%(objectname) %(refname)", "refs/heads", "refs/tags"];
        string wanted = theirs.Run(refs);
        Same("branches and tags", wanted, ours.Run(refs));
        string tips = string.Join('\n', wanted.Split('\n').Select(line => line.Split(' ')[0])) + "\n";
        string[] reached = Reach(ours);
        Same("objects", string.Join('\n', Reach(theirs)), string.Join('\n', reached));
        Same("complaints of fsck", Complaints(theirs), Complaints(ours));
        Directory.Delete(exported, recursive: true);
        return reached.Length;

        string[] Reach(GitCommand git) => [.. git.RunWith(tips, "rev-list", "--objects", "--no-object-names", "--stdin").Split('\n').Order(StringComparer.Ordinal)];

        // Of what is reached: a source may have more, which nothing leads to.
        string Complaints(GitCommand git) => string.Join('\n', git.Try(ReadOnlySpan<byte>.Empty, ["fsck", "--full", "--no-dangling", "--no-progress", .. tips.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct()])
            .Complaint.Split('\n').Where(line => line.Split(' ').Any(word => reached.AsSpan().BinarySearch(word.TrimEnd(':'), StringComparer.Ordinal) >= 0)).Order(StringComparer.Ordinal));

        void Same(string what, string expected, string actual)
        {
            if (expected != actual)
            {
                throw new InvalidOperationException($"{url}: {what} differ from the source's.");
            }
        }
    }

    private static string Word(JsonElement report, string name) => report.GetProperty(name).GetString()!;

    private static string Number(JsonElement report, string name, double unit, string format) =>
        report.TryGetProperty(name, out JsonElement number) && number.ValueKind == JsonValueKind.Number ? (number.GetDouble() / unit).ToString(format, CultureInfo.InvariantCulture) : "";
}
