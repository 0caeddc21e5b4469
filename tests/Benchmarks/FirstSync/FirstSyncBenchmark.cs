using System.Globalization;
using Actors.Benchmarks.Measuring;
using Actors.Web.Forges;

namespace Actors.Benchmarks.FirstSync;

/// <summary>
/// First sync and update of real repositories, <c>actors sync</c> beside <c>git clone --mirror</c> and <c>git fetch</c>, each a
/// whole process, from the same server: wall, CPU, bytes on the wire, disk. Stock git judges what the store holds.
/// </summary>
internal static class FirstSyncBenchmark
{
    public const string Usage = "first-sync REPOSITORY…    bare repositories with branches; each is served first as it was some commits ago";

    /// <summary>Commits of the default branch that the first state lacks.</summary>
    private const int UpdateCommits = 200;

    private const int Rounds = 3;

    public static async Task<int> RunAsync(IReadOnlyList<string> repositories)
    {
        if (repositories.Count == 0)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 1;
        }

        string folder = Directory.CreateTempSubdirectory("actors-first-sync-").FullName;
        ResultTable table = new(
            "First sync and update of real repositories",
            $"`first-sync` over bare repositories; served by git upload-pack on loopback, first as they were {UpdateCommits} commits before the tip of their default branch. "
            + $"Medians of {Rounds} rounds, whole processes, rival and ours in turn. CPU and memory are the client's.",
            ["repository", "objects", "step", "rival", "wall", "ours", "ratio", "CPU", "ours", "ratio", "bytes", "ours", "ratio", "disk", "ours"]);
        try
        {
            foreach (string repository in repositories)
            {
                await MeasureAsync(repository, folder, table);
            }

            await MeasureTogetherAsync(repositories, folder, table);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        await table.WriteAsync("first-sync.md");
        return 0;
    }

    private static async Task MeasureAsync(string repository, string folder, ResultTable table)
    {
        string name = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(repository)))!;
        string served = Path.Combine(folder, name + ".git");
        TwoStates states = await TwoStates.CreateAsync(repository, served, UpdateCommits);
        await using LocalForge forge = await LocalForge.StartAsync(folder);
        List<(ProcessFigures Git, ProcessFigures Ours)> first = [];
        List<(ProcessFigures Git, ProcessFigures Ours)> update = [];
        for (int round = 0; round < Rounds; round++)
        {
            string clone = Path.Combine(folder, $"clone-{round}");
            string store = Path.Combine(folder, $"store-{round}");
            string url = forge.UrlOf(name + ".git");
            await states.ServeEarlierAsync();
            first.Add((
                await ServedAsync(forge, clone, "git", "clone", "-q", "--mirror", url, clone),
                await ServedAsync(forge, store, "dotnet", ClientPath, "sync", url, "--store", store, "--quiet")));
            await states.ServeLaterAsync();
            update.Add((
                await ServedAsync(forge, clone, "git", "-C", clone, "fetch", "-q", "--prune"),
                await ServedAsync(forge, store, "dotnet", ClientPath, "sync", url, "--store", store, "--quiet")));
            await states.JudgeAsync(store);
            Directory.Delete(clone, recursive: true);
            Directory.Delete(store, recursive: true);
        }

        AddRow(table, name, states.Objects, "first", "git clone --mirror", first);
        AddRow(table, name, states.Objects, "update", "git fetch", update);
        Directory.Delete(served, recursive: true);
    }

    /// <summary>The list in one run, as users have it: .NET starts once, and git has two processes at a time.</summary>
    private static async Task MeasureTogetherAsync(IReadOnlyList<string> repositories, string folder, ResultTable table)
    {
        List<TwoStates> states = [];
        List<string> names = [];
        foreach (string repository in repositories)
        {
            names.Add(Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(repository)))!);
            states.Add(await TwoStates.CreateAsync(repository, Path.Combine(folder, names[^1] + ".git"), UpdateCommits));
        }

        await using LocalForge forge = await LocalForge.StartAsync(folder);
        List<(ProcessFigures Git, ProcessFigures Ours)> first = [];
        List<(ProcessFigures Git, ProcessFigures Ours)> update = [];
        for (int round = 0; round < Rounds; round++)
        {
            string clones = Directory.CreateDirectory(Path.Combine(folder, $"clones-{round}")).FullName;
            string store = Path.Combine(folder, $"store-{round}");
            string list = Path.Combine(folder, $"list-{round}");
            await File.WriteAllLinesAsync(list, names.Select(n => forge.UrlOf(n + ".git")));
            string[] ours = ["dotnet", ClientPath, "sync", list, "--store", store, "--quiet"];
            foreach (TwoStates state in states)
            {
                await state.ServeEarlierAsync();
            }

            first.Add((
                await ServedAsync(forge, clones, "sh", "-c", $"cd {clones} && xargs -P 2 -n 1 git clone -q --mirror < {list}"),
                await ServedAsync(forge, store, ours)));
            foreach (TwoStates state in states)
            {
                await state.ServeLaterAsync();
            }

            update.Add((
                await ServedAsync(forge, clones, "sh", "-c", $"ls -d {clones}/* | xargs -P 2 -I @ git -C @ fetch -q --prune"),
                await ServedAsync(forge, store, ours)));
            Directory.Delete(clones, recursive: true);
            Directory.Delete(store, recursive: true);
        }

        long objects = states.Sum(s => s.Objects);
        AddRow(table, "all in one run", objects, "first", "xargs -P 2 git clone", first);
        AddRow(table, "all in one run", objects, "update", "xargs -P 2 git fetch", update);
    }

    private static string ClientPath => Path.Combine(AppContext.BaseDirectory, "actors.dll");

    private static async Task<ProcessFigures> ServedAsync(LocalForge forge, string disk, params string[] command)
    {
        long before = forge.BytesSent;
        ProcessFigures figures = await MeasuredProcess.RunAsync(command);
        return figures with { WireBytes = forge.BytesSent - before, DiskBytes = MeasuredProcess.DiskBytes(disk) };
    }

    private static void AddRow(ResultTable table, string name, long objects, string step, string rival, List<(ProcessFigures Git, ProcessFigures Ours)> rounds)
    {
        ProcessFigures git = ProcessFigures.Median(rounds.Select(r => r.Git));
        ProcessFigures ours = ProcessFigures.Median(rounds.Select(r => r.Ours));
        table.Add(name, objects.ToString("N0", CultureInfo.InvariantCulture), step, rival,
            Seconds(git.WallSeconds), Seconds(ours.WallSeconds), Ratio(git.WallSeconds, ours.WallSeconds),
            Seconds(git.CpuSeconds), Seconds(ours.CpuSeconds), Ratio(git.CpuSeconds, ours.CpuSeconds),
            Bytes(git.WireBytes), Bytes(ours.WireBytes), Ratio(ours.WireBytes, git.WireBytes),
            Bytes(git.DiskBytes), Bytes(ours.DiskBytes));
    }

    private static string Seconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.00} s");

    private static string Ratio(double over, double under) => string.Create(CultureInfo.InvariantCulture, $"{over / Math.Max(under, 1e-9):0.00}");

    private static string Bytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.00} MB");
}
