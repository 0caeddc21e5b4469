using System.Globalization;
using Actors.Benchmarks.Measuring;

namespace Actors.Benchmarks.Archives;

/// <summary>Large archives into objects, beside what git and tar need for the same tree.</summary>
internal static class ArchiveBenchmark
{
    public const string Usage = "archives ARCHIVE…: unpack-to-objects beside tar -x, git add and git write-tree";

    private const int Rounds = 3;

    public static async Task<int> RunAsync(string[] args)
    {
        ResultTable table = new(
            "Archives into objects",
            "One archive from its packed bytes to objects that are hashed (git oid, SHA-1, SHA-256), looked up, deflated, indexed, closed and flushed in a store, in one "
            + "process; beside `tar -x`, `git add -A` and `git write-tree` of the same archive (index and loose objects, not flushed). Medians of three runs in turn. Content "
            + "is what the files hold; the rate a core is content by the CPU time of unpacking without the runtime's start: once in a process that was just started and compiles its code as it "
            + "goes, and once more in the same process. The tree is compared with git's.",
            ["archive", "content", "git: wall, CPU", "ours: wall, CPU", "ratio wall, CPU", "MB/s a core: first, again", "stored: git, ours"]);
        foreach (string archive in args)
        {
            await MeasureAsync(table, archive);
        }

        await table.WriteAsync("archives.md");
        return 0;
    }

    private static async Task MeasureAsync(ResultTable table, string archive)
    {
        string folder = Directory.CreateTempSubdirectory("actors-archives-").FullName;
        try
        {
            List<ProcessFigures> git = [], own = [];
            List<double> cpu = [], warm = [];
            string[] figures = [];
            for (int round = 0; round < Rounds; round++)
            {
                string rival = Path.Combine(folder, $"git{round}"), store = Path.Combine(folder, $"own{round}");
                Directory.CreateDirectory(Path.Combine(rival, "src"));
                ProcessFigures one = await MeasuredProcess.RunAsync(
                    "sh", "-c", $"cd '{rival}' && tar -xf '{archive}' -C src && git init -q . && git -C src add -A -f . && git write-tree --prefix=src/ > tree");
                git.Add(one with { DiskBytes = MeasuredProcess.DiskBytes(Path.Combine(rival, ".git", "objects")) });
                own.Add(await MeasuredProcess.RunAsync("dotnet", typeof(ArchiveBenchmark).Assembly.Location, "archive-client", archive, store, "1"));
                await MeasuredProcess.RunAsync("dotnet", typeof(ArchiveBenchmark).Assembly.Location, "archive-client", archive, store + "-again", "1", "again");
                figures = (await File.ReadAllTextAsync(store + ".figures")).Split(' ');
                cpu.Add(double.Parse(figures[2], CultureInfo.InvariantCulture));
                warm.Add(double.Parse((await File.ReadAllTextAsync(store + "-again.figures")).Split(' ')[4], CultureInfo.InvariantCulture));
                string tree = (await File.ReadAllTextAsync(Path.Combine(rival, "tree"))).Trim();
                if (tree != figures[0])
                {
                    Console.WriteLine($"{archive}: git's tree is {tree}, ours {figures[0]} (git keeps no empty folders)");
                }

                Directory.Delete(rival, recursive: true);
                Directory.Delete(store, recursive: true);
                Directory.Delete(store + "-again", recursive: true);
            }

            ProcessFigures g = ProcessFigures.Median(git), o = ProcessFigures.Median(own);
            double content = double.Parse(figures[1], CultureInfo.InvariantCulture) / 1e6;
            table.Add(
                Path.GetFileName(archive), Of($"{content:F0} MB"), Of($"{g.WallSeconds:F2} s, {g.CpuSeconds:F2} s"), Of($"{o.WallSeconds:F2} s, {o.CpuSeconds:F2} s"),
                Of($"{g.WallSeconds / o.WallSeconds:F1}, {g.CpuSeconds / o.CpuSeconds:F1}"), Of($"{content / cpu.Order().ElementAt(Rounds / 2):F0}, {content / warm.Order().ElementAt(Rounds / 2):F0}"),
                Of($"{g.DiskBytes / 1e6:F1} MB, {double.Parse(figures[3], CultureInfo.InvariantCulture) / 1e6:F1} MB"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Of(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
