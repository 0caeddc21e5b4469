using System.Diagnostics;
using System.Globalization;
using System.Text;
using Actors.Benchmarks.Measuring;
using Actors.Git.Packs;
using Actors.TestKit;
using Actors.TestKit.Git;

namespace Actors.Benchmarks.IndexPack;

/// <summary>
/// The pack indexer beside <c>git index-pack</c> in turns. Large packs: one process each, start-up included. Packs of up to
/// 2,000 objects, which is what syncs bring: one git process each against calls in this process, as the engine makes them.
/// </summary>
internal static class IndexPackBenchmark
{
    private const int Rounds = 3;
    private const int SmallObjectsMax = 2000;
    private const int SmallRounds = 5;

    /// <param name="args">Pack files, or <c>REPOSITORY:COMMITS</c> for a pack of a bare repository's newest commits.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        using var folder = new TemporaryFolder();
        string[] packs = [.. args.Select((argument, i) => Resolve(argument, folder, i))];
        if (packs.Length == 0)
        {
            await Console.Error.WriteLineAsync("index-pack needs pack files, or REPOSITORY:COMMITS.");
            return 1;
        }

        ResultTable table = new(
            "Indexing packs",
            $"`git index-pack -o` ({new GitCommand(folder.FullPath).Run("version")}, its default threads) and ours in turns, medians of {Rounds} rounds for large packs (whole processes, "
            + $"start-up of .NET included) and of {SmallRounds} for small ones (ours in a running process). Page cache warm; each index was compared byte for byte with git's. "
            + "Ours lists references as well, which git does not do; \"index only\" leaves that out. "
            + "Anonymous memory is the highest RssAnon seen; it leaves the mapped pack out, which git's peak, measured the same way, does too. "
            + $"Load average at the start: {ReadLoad()}; where it is above one a core, compare CPU, for wall times are shared with others.",
            ["pack", "objects", "git wall, CPU s", "ours wall, CPU s", "index only wall, CPU s", "wall ratio", "CPU ratio", "CPU ratio, index only", "git anon MB", "ours anon MB"]);
        foreach (string pack in packs)
        {
            table.Add(await (CountOf(pack) <= SmallObjectsMax ? MeasureSmallAsync(pack, folder) : MeasureLargeAsync(pack, folder)));
        }

        await table.WriteAsync("index-pack.md");
        return 0;
    }

    private static async Task<string[]> MeasureLargeAsync(string pack, TemporaryFolder folder)
    {
        string gitIndex = folder["git.idx"];
        string ourIndex = folder["ours.idx"];
        string[] git = ["git", "index-pack", "-o", gitIndex, pack];
        List<ProcessFigures> gits = [];
        List<ProcessFigures> ours = [];
        List<ProcessFigures> bare = [];
        for (int round = 0; round < Rounds; round++)
        {
            File.Delete(gitIndex);
            gits.Add(await MeasuredProcess.RunAsync(git));
            ours.Add(await RunOursAsync(pack, ourIndex, "references"));
            Compare(gitIndex, ourIndex);
            bare.Add(await RunOursAsync(pack, ourIndex, "index-only"));
            Compare(gitIndex, ourIndex);
        }

        File.Delete(gitIndex);
        long gitAnonymous = await WatchMemoryAsync(new ProcessStartInfo(git[0], git[1..]));
        File.Delete(ourIndex);
        string[] own = OwnCommand(pack, ourIndex, "references");
        long ourAnonymous = await WatchMemoryAsync(new ProcessStartInfo(own[0], own[1..]));
        return Row(pack, ProcessFigures.Median(gits), ProcessFigures.Median(ours), ProcessFigures.Median(bare), gitAnonymous, ourAnonymous);
    }

    private static async Task<string[]> MeasureSmallAsync(string pack, TemporaryFolder folder)
    {
        string gitIndex = folder["git.idx"];
        byte[] bytes = await File.ReadAllBytesAsync(pack);
        List<ProcessFigures> gits = [];
        List<ProcessFigures> ours = [];
        List<ProcessFigures> bare = [];
        for (int round = -2; round < SmallRounds; round++)
        {
            ProcessFigures git = await RunGitOftenAsync(pack, gitIndex);
            ProcessFigures own = await IndexHereAsync(bytes, folder, gitIndex, listReferences: true);
            ProcessFigures only = await IndexHereAsync(bytes, folder, gitIndex, listReferences: false);
            if (round >= 0)
            {
                gits.Add(git);
                ours.Add(own);
                bare.Add(only);
            }
        }

        return Row(pack, ProcessFigures.Median(gits), ProcessFigures.Median(ours), ProcessFigures.Median(bare), 0, 0);
    }

    /// <summary>The mean of ten processes: the clock that counts CPU time of processes ticks a hundred times a second.</summary>
    private static async Task<ProcessFigures> RunGitOftenAsync(string pack, string index)
    {
        const int Processes = 10;
        string loop = $"for i in $(seq {Processes}); do rm -f '{index}'; git index-pack -o '{index}' '{pack}' || exit 1; done";
        ProcessFigures all = await MeasuredProcess.RunAsync("sh", "-c", loop);
        return new ProcessFigures { WallSeconds = all.WallSeconds / Processes, CpuSeconds = all.CpuSeconds / Processes };
    }

    /// <summary>The mean of enough calls for the clock of CPU time to see them.</summary>
    private static async Task<ProcessFigures> IndexHereAsync(byte[] pack, TemporaryFolder folder, string gitIndex, bool listReferences)
    {
        int calls = (int)Math.Clamp(10_000_000 / pack.Length, 3, 200);
        using Process self = Process.GetCurrentProcess();
        TimeSpan cpu = self.TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
        {
            PackIndexOptions options = new() { PackPath = folder["small.pack"], IndexPath = folder["small.idx"], ListReferences = listReferences, Fsync = false };
            await PackIndexer.IndexAsync(new MemoryStream(pack), options, CancellationToken.None);
            if (i == 0)
            {
                Compare(gitIndex, options.IndexPath);
            }

            File.Delete(options.PackPath);
            File.Delete(options.IndexPath);
        }

        double wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        self.Refresh();
        return new ProcessFigures { WallSeconds = wall / calls, CpuSeconds = (self.TotalProcessorTime - cpu).TotalSeconds / calls };
    }

    private static async Task<ProcessFigures> RunOursAsync(string pack, string index, string mode)
    {
        File.Delete(index);
        return await MeasuredProcess.RunAsync(OwnCommand(pack, index, mode));
    }

    private static string[] OwnCommand(string pack, string index, string mode)
    {
        string program = Environment.ProcessPath!;
        string[] own = ["index-pack-client", pack, index, mode];
        return Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, Path.Combine(AppContext.BaseDirectory, "Actors.Benchmarks.dll"), .. own] : [program, .. own];
    }

    /// <summary>The highest RssAnon of a process that was looked at every few milliseconds; a run of its own, for looking costs.</summary>
    private static async Task<long> WatchMemoryAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        long highest = 0;
        while (!process.HasExited)
        {
            highest = Math.Max(highest, ReadAnonymous(process.Id));
            await Task.Delay(5);
        }

        await output;
        return highest;
    }

    private static long ReadAnonymous(int process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("RssAnon:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line["RssAnon:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static string ReadLoad() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private static void Compare(string gitIndex, string ourIndex)
    {
        if (!File.ReadAllBytes(gitIndex).AsSpan().SequenceEqual(File.ReadAllBytes(ourIndex)))
        {
            throw new InvalidOperationException($"{ourIndex} differs from git's.");
        }
    }

    private static string[] Row(string pack, ProcessFigures git, ProcessFigures ours, ProcessFigures bare, long gitAnonymous, long ourAnonymous) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"{new FileInfo(pack).Length / 1e6:0.###} MB"),
        CountOf(pack).ToString(CultureInfo.InvariantCulture),
        Seconds(git),
        Seconds(ours),
        Seconds(bare),
        Ratio(git.WallSeconds / ours.WallSeconds),
        Ratio(git.CpuSeconds / ours.CpuSeconds),
        Ratio(git.CpuSeconds / bare.CpuSeconds),
        Megabytes(gitAnonymous),
        Megabytes(ourAnonymous),
    ];

    private static string Seconds(ProcessFigures figures) => string.Create(CultureInfo.InvariantCulture, $"{figures.WallSeconds:0.0000}, {figures.CpuSeconds:0.0000}");

    private static string Ratio(double ratio) => ratio.ToString("0.0x", CultureInfo.InvariantCulture);

    private static string Megabytes(long bytes) => bytes == 0 ? "" : (bytes / 1_000_000).ToString(CultureInfo.InvariantCulture);

    private static uint CountOf(string pack)
    {
        using var file = PackFile.Open(pack);
        return file.ObjectCount;
    }

    private static string Resolve(string argument, TemporaryFolder folder, int number)
    {
        int colon = argument.LastIndexOf(':');
        if (colon < 0 || File.Exists(argument))
        {
            return argument;
        }

        byte[] revisions = Encoding.ASCII.GetBytes($"HEAD\n^HEAD~{argument[(colon + 1)..]}\n");
        string pack = folder[$"newest-{number}.pack"];
        File.WriteAllBytes(pack, new GitCommand(argument[..colon]).RunBytes(revisions, "pack-objects", "--revs", "--stdout", "-q", "--delta-base-offset"));
        return pack;
    }
}
