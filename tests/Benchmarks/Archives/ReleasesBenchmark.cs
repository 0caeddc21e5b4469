using System.Globalization;
using Actors.Benchmarks.Measuring;

namespace Actors.Benchmarks.Archives;

/// <summary>The releases of one package in one load: objects whole, and as deltas on the release before; beside git with every release added and repacked.</summary>
internal static class ReleasesBenchmark
{
    public const string Usage = "releases PACKAGE=FOLDER…: archives of each folder, in order of name, as one load: whole, with deltas, and git";

    private const int Rounds = 3;

    public static async Task<int> RunAsync(string[] args)
    {
        ResultTable table = new(
            "Releases of one package, stored",
            "All archives of a folder, as one load stores them: whole objects, and deltas on what lay at the same place in the release before (in the same pack, zlib level 1); and one "
            + "archive a visit, before and after `actors compact --full --deltas`, with the CPU of that; each in a process; beside git: `tar -x` and `git add -A` of each, then `git repack -adq` (zlib level 6, window 10, depth 50). Medians of three runs in turn; CPU of ours is without "
            + "the runtime's start. Content is what all files hold, equal ones counted each time.",
            ["package", "releases", "content", "whole: stored, CPU", "deltas: stored, CPU", "one a visit: stored, compacted, CPU of that", "git: stored, CPU"]);
        foreach (string arg in args)
        {
            string[] parts = arg.Split('=', 2);
            await MeasureAsync(table, parts[0], [.. Directory.GetFiles(parts[1]).Order(new LikeVersions())]);
        }

        await table.WriteAsync("releases.md");
        return 0;
    }

    private static async Task MeasureAsync(ResultTable table, string package, string[] archives)
    {
        string folder = Directory.CreateTempSubdirectory("actors-releases-").FullName;
        try
        {
            Dictionary<string, List<(double Stored, double Cpu)>> own = new() { ["whole"] = [], ["deltas"] = [], ["visits"] = [] };
            double apart = 0;
            List<ProcessFigures> git = [];
            double content = 0;
            for (int round = 0; round < Rounds; round++)
            {
                string rival = Path.Combine(folder, $"git{round}");
                Directory.CreateDirectory(rival);
                string adding = string.Join(" && ", archives.Select(archive => $"rm -rf src && mkdir src && tar -xf '{archive}' -C src --strip-components=1 && git add -A -f . && git commit -qm x --allow-empty"));
                ProcessFigures one = await MeasuredProcess.RunAsync(
                    "sh", "-c", $"cd '{rival}' && git init -q . && git config user.email a@example.org && git config user.name A && git config gc.auto 0 && {adding} && git repack -adq");
                git.Add(one with { DiskBytes = MeasuredProcess.DiskBytes(Path.Combine(rival, ".git", "objects", "pack")) });
                Directory.Delete(rival, recursive: true);
                foreach ((string mode, List<(double Stored, double Cpu)> figures) in own)
                {
                    string store = Path.Combine(folder, mode + round.ToString(CultureInfo.InvariantCulture));
                    await MeasuredProcess.RunAsync(["dotnet", typeof(ReleasesBenchmark).Assembly.Location, "releases-client", store, mode, .. archives]);
                    string[] said = (await File.ReadAllTextAsync(store + ".figures")).Split(' ');
                    content = Number(said[0]);
                    figures.Add(mode == "visits" ? (Number(said[3]), Number(said[4])) : (Number(said[2]), Number(said[1])));
                    apart = mode == "visits" ? Number(said[2]) : apart;
                    Directory.Delete(store, recursive: true);
                }
            }

            ProcessFigures g = ProcessFigures.Median(git);
            table.Add(
                package, Of($"{archives.Length}"), Of($"{content / 1e6:F0} MB"), Shown(own["whole"]), Shown(own["deltas"]), Of($"{apart / 1e6:F1} MB, {Shown(own["visits"])}"),
                Of($"{g.DiskBytes / 1e6:F1} MB, {g.CpuSeconds:F2} s"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Shown(List<(double Stored, double Cpu)> figures) => Of($"{figures[0].Stored / 1e6:F1} MB, {figures.Select(one => one.Cpu).Order().ElementAt(Rounds / 2):F2} s");

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string Of(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed class LikeVersions : IComparer<string>
    {
        public int Compare(string? x, string? y) => string.Compare(x, y, CultureInfo.InvariantCulture, CompareOptions.NumericOrdering);
    }
}
