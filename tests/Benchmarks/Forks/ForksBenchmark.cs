using System.Globalization;
using System.Text.Json;
using Actors.Benchmarks.FirstSync;
using Actors.Benchmarks.Measuring;
using Actors.Web.Forges;

namespace Actors.Benchmarks.Forks;

/// <summary>
/// Real forks that were never visited, one after the other, into a store that holds what they were forked from: bytes received
/// beside those of <c>git clone --mirror</c> of the same fork. Each fork is synced into a copy of the same store.
/// </summary>
internal static class ForksBenchmark
{
    public const string Usage = "forks BASE… -- FORK…    bare repositories; bytes of each fork's first sync against its clone, and their median";

    public static async Task<int> RunAsync(string[] arguments)
    {
        int middle = Array.IndexOf(arguments, "--");
        if (middle < 1 || middle == arguments.Length - 1)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 1;
        }

        string folder = Directory.CreateTempSubdirectory("actors-forks-").FullName;
        ResultTable table = new(
            "Real forks, never visited",
            "Branches and tags of public forks, served by git upload-pack on loopback; the store holds the repositories that they were forked from, and none of the forks. "
            + "Bytes are those of the answers' bodies, probes included. Exact: the thin pack that git makes for one who has all commits of the bases, the least that haves of commits can lead to.",
            ["fork", "objects", "new objects", "git clone --mirror", "ours", "clone / ours", "exact", "requests", "how"]);
        try
        {
            await MeasureAsync(arguments[..middle], arguments[(middle + 1)..], folder, table);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        await table.WriteAsync("forks.md");
        return 0;
    }

    private static async Task MeasureAsync(string[] bases, string[] forks, string folder, ResultTable table)
    {
        string served = Directory.CreateDirectory(Path.Combine(folder, "served")).FullName;
        string store = Path.Combine(folder, "store");
        await using LocalForge forge = await LocalForge.StartAsync(served);
        foreach (string one in bases)
        {
            (string url, _) = await ServeAsync(forge, served, one);
            _ = await SyncAsync(url, store, folder);
        }

        List<double> ratios = [];
        foreach (string fork in forks)
        {
            (string url, TwoStates states) = await ServeAsync(forge, served, fork);
            long before = forge.BytesSent;
            _ = await MeasuredProcess.RunAsync("git", "clone", "-q", "--mirror", url, Path.Combine(folder, "clone"));
            long clone = forge.BytesSent - before;
            Directory.Delete(Path.Combine(folder, "clone"), recursive: true);

            string copy = Path.Combine(folder, "copy");
            _ = await MeasuredProcess.RunAsync("cp", "-r", store, copy);
            before = forge.BytesSent;
            using JsonDocument report = await SyncAsync(url, copy, folder);
            long ours = forge.BytesSent - before;
            await states.JudgeAsync(copy);
            Directory.Delete(copy, recursive: true);
            ratios.Add((double)clone / ours);
            JsonElement line = report.RootElement;
            table.Add(NameOf(fork), Count(states.Objects), Count(line.GetProperty("objects").GetInt64()), Count(clone), Count(ours), Ratio(ratios[^1]),
                Count(await ExactBytesAsync(bases, fork, folder)),
                Count(line.GetProperty("requests").GetInt64()),
                line.TryGetProperty("rungs", out JsonElement rungs) ? string.Join(", ", rungs.EnumerateArray().Select(r => r.GetString())) : "");
        }

        ratios.Sort();
        table.Add("median", "", "", "", "", Ratio((ratios[(ratios.Count - 1) / 2] + ratios[ratios.Count / 2]) / 2), "", "", "");
    }

    private static async Task<long> ExactBytesAsync(string[] bases, string fork, string folder)
    {
        string all = Path.Combine(folder, "all.git");
        string pack = Path.Combine(folder, "exact.pack");
        const string Tips = "for-each-ref refs/heads refs/tags --format";
        string has = string.Join("; ", bases.Select(one => $"git -C {Path.GetFullPath(one)} {Tips}='^%(objectname)'"));
        string alternates = string.Join("\\n", bases.Append(fork).Select(one => Path.Combine(Path.GetFullPath(one), "objects")));
        _ = await MeasuredProcess.RunAsync(
            "sh", "-c",
            $"git init -q --bare {all} && printf '{alternates}\\n' > {all}/objects/info/alternates && "
            + $"(git -C {Path.GetFullPath(fork)} {Tips}='%(objectname)'; {has}) | git -C {all} pack-objects --revs --thin --stdout -q > {pack}");
        long bytes = new FileInfo(pack).Length;
        Directory.Delete(all, recursive: true);
        File.Delete(pack);
        return bytes;
    }

    private static async Task<(string Url, TwoStates States)> ServeAsync(LocalForge forge, string served, string repository)
    {
        string name = NameOf(repository) + ".git";
        TwoStates states = await TwoStates.CreateAsync(repository, Path.Combine(served, name), updateCommits: 0);
        await states.ServeLaterAsync();
        return (forge.UrlOf(name), states);
    }

    private static async Task<JsonDocument> SyncAsync(string url, string store, string folder)
    {
        string report = Path.Combine(folder, "report.jsonl");
        _ = await MeasuredProcess.RunAsync("dotnet", Path.Combine(AppContext.BaseDirectory, "actors.dll"), "sync", url, "--store", store, "--quiet", "--report", report);
        return JsonDocument.Parse(await File.ReadAllTextAsync(report));
    }

    /// <summary>The folder that the repository's own lies in: fetched ones are called <c>owner+name/repo</c>.</summary>
    private static string NameOf(string repository)
    {
        string path = Path.GetFullPath(repository);
        string name = Path.GetFileName(path);
        return name is "repo" ? Path.GetFileName(Path.GetDirectoryName(path))! : name is ".git" ? NameOf(Path.GetDirectoryName(path)!) : name;
    }

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Ratio(double ratio) => ratio.ToString("N1", CultureInfo.InvariantCulture);
}
