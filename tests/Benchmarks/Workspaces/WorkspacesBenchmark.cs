using System.Diagnostics;
using System.Globalization;
using Actors.Benchmarks.Measuring;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Workspaces;
using Actors.TestKit;
using Actors.Web.Forges;

namespace Actors.Benchmarks.Workspaces;

/// <summary>
/// A further use of a stored repository: a workspace of ours (in this process, and as a console of its own) beside <c>git clone</c>,
/// <c>git clone --reference</c> and <c>git worktree add</c>, in turn in the same rounds; then the disk of many.
/// </summary>
internal static class WorkspacesBenchmark
{
    private const int Rounds = 3;
    private const int Many = 100;

    /// <summary>Calls before the first that counts: a running process has made workspaces before, and its code is compiled.</summary>
    private const int WarmUps = 40;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length == 0 || GitLibrary.Missing is not null)
        {
            await Console.Error.WriteLineAsync("workspaces REPOSITORY…: bare repositories; and libgit2");
            return 1;
        }

        ResultTable speed = new(
            "Workspaces beside git's own ways to a working tree",
            "Each repository is served over HTTP by a local forge and stored once. Then, in turn, in each of " + $"{Rounds} rounds: `git clone` from the forge, the same with `--reference` to a bare copy, "
            + "`git worktree add --detach` in a bare copy, our `actors workspace add` as a process of its own (`dotnet actors.dll`, as `dotnet run` starts it; and as it is published: `dotnet publish client -c Release -r linux-x64`, compiled beforehand together with the framework; \"start alone\" is the same program's `--version`), and in a running process, which has made " + $"{WarmUps} before, " + "our call, and LibGit2Sharp's own "
            + "new worktree of the bare copy with a hard reset (the first round is not counted). "
            + $"Load average at the start: {File.ReadAllText("/proc/loadavg").Split(' ')[0]}. Medians. CPU is user and system time with children; for clones, without the server's; where the load is above one a core, compare CPU.",
            ["repository", "files", "way", "wall", "CPU", "clone's wall / this", "worktree add's wall / this", "worktree add's CPU / this"]);
        ResultTable disk = new(
            "Disk of many workspaces",
            $"{Many} workspaces of one repository and the store, beside {Many} plain checkouts (no repository at all) and one store. Blocks of the file system.",
            ["repository", "workspaces and store", "plain checkouts and store", "ratio", "wall for each workspace, one after the other"]);
        ResultTable saved = new(
            "Disk that workspaces save",
            "N workspaces and the store that they borrow from, beside N clones (`git clone`, each with its own objects), and N worktrees of one bare clone. Blocks of the file system. "
            + "What can be saved is what clones have beside their files: with N large, saved tends to one less the files' part.",
            ["repository", "files' part of a clone", "N", "N clones", "N workspaces and store", "saved", "N worktrees and bare clone", "saved"]);
        string published = Directory.CreateTempSubdirectory("actors-published-").FullName;
        string? compiled = Environment.GetEnvironmentVariable("ACTORS_PUBLISHED");
        _ = compiled is not null ? null : await MeasuredProcess.RunAsync(
            "dotnet", "publish", SourceTree.PathOf("client"), "-c", "Release", "-r", "linux-x64", "-o", published, "--artifacts-path", Path.Combine(published, "artifacts"), "-v", "q");
        foreach (string repository in args)
        {
            string folder = Directory.CreateTempSubdirectory("actors-workspaces-").FullName;
            try
            {
                await MeasureAsync(Path.GetFullPath(repository), folder, Path.Combine(compiled ?? published, "actors"), speed, disk, saved);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        Directory.Delete(published, recursive: true);
        await speed.WriteAsync("workspaces.md");
        await disk.WriteAsync("workspaces-disk.md");
        await saved.WriteAsync("workspaces-saved.md");
        return 0;
    }

    private static async Task MeasureAsync(string repository, string folder, string published, ResultTable speed, ResultTable disk, ResultTable saved)
    {
        string name = Path.GetFileName(Path.GetDirectoryName(repository))!;
        string served = Directory.CreateDirectory(Path.Combine(folder, "served")).FullName;
        await MeasuredProcess.RunAsync("git", "clone", "-q", "--bare", repository, Path.Combine(served, "one.git"));
        await using LocalForge forge = await LocalForge.StartAsync(served);
        string url = forge.UrlOf("one.git");
        string bare = Path.Combine(folder, "bare.git");
        string store = Path.Combine(folder, "store");
        await MeasuredProcess.RunAsync("git", "clone", "-q", "--bare", url, bare);
        await MeasuredProcess.RunAsync("dotnet", ClientPath, "sync", url, "--store", store, "--quiet");
        await using LocalObjectStore objects = LocalObjectStore.Open(store, StoreAccess.Read, TimeProvider.System);
        await using SqliteHeadStore heads = SqliteHeadStore.OpenForReading(Path.Combine(store, "heads.sqlite"));
        WorkspaceRoot root = new(WorkspaceRoot.FolderOf(store), objects, Path.Combine(store, "objects"), heads, TimeProvider.System);

        await WarmUpAsync(root, url, folder);
        Dictionary<string, List<ProcessFigures>> ways = [];
        int files = 0;
        for (int round = 0; round <= Rounds; round++)
        {
            string Place(string way) => Path.Combine(folder, $"{way}-{round}");
            (ProcessFigures ours, files) = await OursAsync(root, url, Place("ours"));
            (string Way, ProcessFigures? Figures)[] measured =
            [
                ("git clone", await MeasuredProcess.RunAsync("git", "clone", "-q", url, Place("clone"))),
                ("git clone --reference", await MeasuredProcess.RunAsync("git", "clone", "-q", "--reference", bare, url, Place("reference"))),
                ("git worktree add", await MeasuredProcess.RunAsync("git", "-C", bare, "worktree", "add", "-q", "--detach", Place("worktree"))),
                ("actors workspace add", await MeasuredProcess.RunAsync("dotnet", ClientPath, "workspace", "add", url, "--store", store, "--path", Place("console"), "--offline")),
                ("actors workspace add, published", await MeasuredProcess.RunAsync(published, "workspace", "add", url, "--store", store, "--path", Place("published"), "--offline")),
                ("start alone, published", await MeasuredProcess.RunAsync(published, "--version")),
                ("LibGit2Sharp", LibGit2(bare, Place("library"))),
                ("WorkspaceRoot.AddAsync", ours),
            ];
            foreach ((string way, ProcessFigures? taken) in measured.Where(one => round > 0 || one.Figures is null))
            {
                if (taken is not { } figures)
                {
                    Console.WriteLine($"{way}: not everything was checked out in round {round}: {Directory.GetFiles(Place("library"), "*", SearchOption.AllDirectories).Length} files");
                    continue;
                }

                (ways.TryGetValue(way, out List<ProcessFigures>? runs) ? runs : ways[way] = []).Add(figures);
            }

            if (round == Rounds)
            {
                AddSaved(saved, name, store, bare, Place("clone"), Place("worktree"));
            }

            foreach (string way in (ReadOnlySpan<string>)["clone", "reference"])
            {
                Directory.Delete(Place(way), recursive: true);
            }
        }

        ProcessFigures clone = ProcessFigures.Median(ways["git clone"]);
        ProcessFigures worktree = ProcessFigures.Median(ways["git worktree add"]);
        foreach ((string way, List<ProcessFigures> runs) in ways)
        {
            ProcessFigures median = ProcessFigures.Median(runs);
            speed.Add(name, $"{files}", way, Milliseconds(median.WallSeconds), Milliseconds(median.CpuSeconds),
                Ratio(clone.WallSeconds, median.WallSeconds), Ratio(worktree.WallSeconds, median.WallSeconds), Ratio(worktree.CpuSeconds, median.CpuSeconds));
        }

        await MeasureDiskAsync(name, folder, store, root, url, disk);
    }

    private static async Task WarmUpAsync(WorkspaceRoot root, string url, string folder)
    {
        for (int i = 0; i < WarmUps; i++)
        {
            await OursAsync(root, url, Path.Combine(folder, $"warm-{i}"));
            await root.RemoveAsync(Path.Combine(folder, $"warm-{i}"), force: true, CancellationToken.None);
        }
    }

    private static async Task MeasureDiskAsync(string name, string folder, string store, WorkspaceRoot root, string url, ResultTable disk)
    {
        foreach (Workspace earlier in root.List().ToArray())
        {
            await root.RemoveAsync(earlier.Path, force: true, CancellationToken.None);
        }

        long stored = Blocks(store);
        string trees = Directory.CreateDirectory(Path.Combine(folder, "many")).FullName;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Many; i++)
        {
            await OursAsync(root, url, Path.Combine(trees, $"{i}"));
        }

        double each = Stopwatch.GetElapsedTime(start).TotalSeconds / Many;
        long ours = Blocks(store) + Blocks(trees);
        string plain = Path.Combine(folder, "plain");
        await MeasuredProcess.RunAsync("cp", "-r", Path.Combine(trees, "0"), plain);
        File.Delete(Path.Combine(plain, ".git"));
        long theirs = stored + (Many * Blocks(plain));
        disk.Add(name, Megabytes(ours), Megabytes(theirs), Ratio(ours, theirs), Milliseconds(each));
    }

    private static async Task<(ProcessFigures Figures, int Entries)> OursAsync(WorkspaceRoot root, string url, string path)
    {
        using Process self = Process.GetCurrentProcess();
        TimeSpan cpu = self.TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        WorkspaceResult result = await root.AddAsync(new WorkspaceRequest { Url = RepositoryUrl.Parse(url), Path = path }, CancellationToken.None);
        double wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        self.Refresh();
        return result.End == WorkspaceEnd.Made
            ? (new ProcessFigures { WallSeconds = wall, CpuSeconds = (self.TotalProcessorTime - cpu).TotalSeconds }, result.Entries)
            : throw new InvalidOperationException(result.Error);
    }

    /// <summary>From the size of one of each: none shares anything with another of its kind but what is counted once.</summary>
    private static void AddSaved(ResultTable saved, string name, string store, string bare, string clone, string tree)
    {
        string ourWorktrees = Path.Combine(Directory.GetDirectories(Path.Combine(store, "workspaces", "bases"))[0], "worktrees");
        string theirWorktrees = Path.Combine(bare, "worktrees");
        long administration = Blocks(Directory.GetDirectories(ourWorktrees)[0]);
        long theirs = Blocks(Directory.GetDirectories(theirWorktrees)[0]);
        long stored = Blocks(store) - Blocks(ourWorktrees);
        (long whole, long files, long central) = (Blocks(clone), Blocks(tree), Blocks(bare) - Blocks(theirWorktrees));
        foreach (int count in (ReadOnlySpan<int>)[2, 5, 10, 100])
        {
            long clones = count * whole;
            long ours = stored + (count * (files + administration));
            long worktrees = central + (count * (files + theirs));
            saved.Add(name, Percent((double)files / whole), $"{count}", Megabytes(clones), Megabytes(ours), Percent(1 - ((double)ours / clones)), Megabytes(worktrees), Percent(1 - ((double)worktrees / clones)));
        }
    }

    private static ProcessFigures? LibGit2(string bare, string path)
    {
        using Process self = Process.GetCurrentProcess();
        TimeSpan cpu = self.TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        using (LibGit2Sharp.Repository repository = new(bare))
        {
            LibGit2Sharp.Worktree worktree = repository.Worktrees.Add(repository.Head.Tip.Sha, Path.GetFileName(path), path, isLocked: false);
            using LibGit2Sharp.Repository opened = worktree.WorktreeRepository;
            // Worktrees.Add alone leaves the folder empty with the libgit2 of Debian 12.
            opened.Reset(LibGit2Sharp.ResetMode.Hard, opened.Head.Tip);
            if (opened.Index.Any(entry => !Path.Exists(Path.Combine(path, entry.Path))) || opened.Index.Count == 0)
            {
                return null;
            }
        }

        double wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        self.Refresh();
        return new ProcessFigures { WallSeconds = wall, CpuSeconds = (self.TotalProcessorTime - cpu).TotalSeconds };
    }

    /// <summary>What <c>du</c> says: whole blocks, folders too, a file of several names once.</summary>
    private static long Blocks(string folder)
    {
        using Process du = Process.Start(new ProcessStartInfo("du", ["-s", "--block-size=1", folder]) { RedirectStandardOutput = true })!;
        string text = du.StandardOutput.ReadToEnd();
        du.WaitForExit();
        return long.Parse(text.Split('\t')[0], CultureInfo.InvariantCulture);
    }

    private static string ClientPath => Path.Combine(AppContext.BaseDirectory, "actors.dll");

    private static string Milliseconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0} ms");

    private static string Percent(double part) => string.Create(CultureInfo.InvariantCulture, $"{part * 100:0} %");

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");

    private static string Ratio(double over, double under) => string.Create(CultureInfo.InvariantCulture, $"{over / Math.Max(under, 1e-9):0.00}");
}
