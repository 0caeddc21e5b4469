using System.Diagnostics;
using System.Globalization;
using Actors.Benchmarks.Measuring;
using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Store.Objects;
using Actors.TestKit;
using Actors.TestKit.Git;

namespace Actors.Benchmarks.ObjectStores;

/// <summary>The local object store with real packs beside git doing the same: taking in, taking in again, reading, writing a pack, compacting.</summary>
internal sealed class StoreBenchmark : IDisposable
{
    private const int SmallPacks = 400;
    private const int Reads = 100_000;

    private readonly TemporaryFolder _folder = new();
    private readonly ResultTable _table;
    private readonly string _repository;
    private readonly LocalObjectStore _store;

    private StoreBenchmark(string repository)
    {
        _repository = repository;
        _store = LocalObjectStore.Open(_folder["store"], StoreAccess.Write, TimeProvider.System);
        _table = new ResultTable(
            "Local object store",
            """
            One bare repository as a forge keeps it. Ours in this process, start-up not counted; git's figures are of whole processes. "again": the same
            pack once more, so that every object is compared with the stored one. "small": the last commits of the history, each as a thin pack of its own, then merged by the
            geometric rule and in full; git's rivals are `git repack -d --geometric=2` and `git repack -a -d` in a repository with the same packs.
            "write pack": all objects, and every other one, for which git searches new deltas and ours writes whole what has lost its base.
            """,
            ["what", "objects", "MB", "ours s", "ours CPU s", "git s", "git CPU s"]);
    }

    /// <summary>Argument: a bare repository with one large pack.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length != 1)
        {
            Console.Error.WriteLine("store REPOSITORY");
            return 1;
        }

        using var benchmark = new StoreBenchmark(args[0]);
        await benchmark.MeasureAsync();
        return 0;
    }

    public void Dispose() => _folder.Dispose();

    private async Task MeasureAsync()
    {
        string pack = Directory.EnumerateFiles(Path.Combine(_repository, "objects", "pack"), "*.pack").OrderByDescending(path => new FileInfo(path).Length).First();
        ProcessFigures index = await MeasuredProcess.RunAsync("git", "index-pack", "-o", _folder["git.idx"], pack);
        await IngestAsync("ingest", pack, index);
        await IngestAsync("again", pack, null);
        Oid[] all;
        using (var oids = PackIndex.Open(_folder["git.idx"]))
        {
            all = oids.Oids.ToArray();
        }

        await ReadAsync(all);
        await WriteAsync(all, pack);
        await SmallAsync();
        await _store.DisposeAsync();
        await _table.WriteAsync("store.md");
    }

    private async Task IngestAsync(string what, string pack, ProcessFigures? git)
    {
        CommitResult? result = null;
        (double wall, double cpu) = await TimeAsync(async () =>
        {
            await using IPackIngest ingest = await _store.BeginIngestAsync(new IngestOptions(), default);
            await using var bytes = new FileStream(pack, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
            await ingest.AddAsync(bytes, default);
            Report("  indexed");
            result = await ingest.CommitAsync(what, null, default);
        });
        Add(what, result!.NewObjects + result.KnownObjects, new FileInfo(pack).Length, wall, cpu, git);
        if (result.Status != CommitStatus.Committed)
        {
            throw new InvalidOperationException($"{result.MissingCount} objects are missing in this repository: take another one.");
        }
    }

    private async Task ReadAsync(Oid[] all)
    {
        var random = new Random(1);
        Oid[] some = [.. Enumerable.Range(0, Reads).Select(_ => all[random.Next(all.Length)])];
        long bytes = 0;
        (double wall, double cpu) = await TimeAsync(async () =>
        {
            foreach (Oid oid in some)
            {
                bytes += (await _store.ReadAsync(oid, long.MaxValue, default))!.Content.Length;
            }
        });
        string list = _folder.Write("some", string.Concat(some.Select(oid => $"{oid}\n")));
        ProcessFigures git = await MeasuredProcess.RunAsync("sh", "-c", $"git -C {_repository} cat-file --batch < {list} > /dev/null");
        Add("read at random", some.Length, bytes, wall, cpu, git);
        var types = new ObjectType[some.Length];
        (wall, cpu) = await TimeAsync(async () => await _store.ReadTypesAsync(some, types, default));
        git = await MeasuredProcess.RunAsync("sh", "-c", $"git -C {_repository} cat-file --batch-check='%(objecttype)' < {list} > /dev/null");
        Add("types at random", some.Length, 0, wall, cpu, git);
    }

    private async Task WriteAsync(Oid[] all, string pack)
    {
        Oid[] half = [.. all.Where((_, i) => i % 2 == 0)];
        await using var file = new FileStream(_folder["half.pack"], FileMode.Create, FileAccess.ReadWrite, FileShare.Read, 0);
        (double wall, double cpu) = await TimeAsync(() => _store.WritePackAsync(all, file, default));
        string list = _folder.Write("all", string.Concat(all.Select(oid => $"{oid}\n")));
        ProcessFigures git = await MeasuredProcess.RunAsync("sh", "-c", $"git -C {_repository} pack-objects -q --stdout --delta-base-offset < {list} > {_folder["git.pack"]}");
        Console.WriteLine($"  ours {file.Length}, git {new FileInfo(_folder["git.pack"]).Length}, source {new FileInfo(pack).Length}");
        Add("write pack, all", all.Length, file.Length, wall, cpu, git);
        file.SetLength(0);
        (wall, cpu) = await TimeAsync(() => _store.WritePackAsync(half, file, default));
        list = _folder.Write("half", string.Concat(half.Select(oid => $"{oid}\n")));
        git = await MeasuredProcess.RunAsync("sh", "-c", $"git -C {_repository} pack-objects -q --stdout --delta-base-offset < {list} > {_folder["git.pack"]}");
        Console.WriteLine($"  ours {file.Length}, git {new FileInfo(_folder["git.pack"]).Length}");
        Add("write pack, every other object", half.Length, file.Length, wall, cpu, git);
    }

    private async Task SmallAsync()
    {
        var source = new GitCommand(_repository);
        string[] commits = [.. source.Lines("rev-list", "--first-parent", "-n", $"{SmallPacks + 1}", "HEAD").Reverse()];
        await using var store = LocalObjectStore.Open(_folder["small"], StoreAccess.Write, TimeProvider.System);
        byte[][] packs = [.. commits.Select((commit, i) => source.RunBytes(
            System.Text.Encoding.ASCII.GetBytes(i == 0 ? commit + "\n" : $"{commit}\n^{commits[i - 1]}\n"), "pack-objects", "--revs", "--stdout", "-q", "--thin", "--delta-base-offset"))];
        await IngestAsync(store, packs[0]);
        (double wall, double cpu) = await TimeAsync(async () =>
        {
            foreach (byte[] pack in packs.Skip(1))
            {
                await IngestAsync(store, pack);
            }
        });
        Add("small: ingest, each synced to disk", SmallPacks, packs.Skip(1).Sum(pack => (long)pack.Length), wall, cpu, null);
        new GitCommand(_folder["rival.git"]).Run("init", "-q", "--bare", ".");
        foreach (string file in Directory.EnumerateFiles(_folder["small", "objects", "pack"]))
        {
            File.Copy(file, _folder["rival.git", "objects", "pack", Path.GetFileName(file)]);
        }

        new GitCommand(_folder["rival.git"]).Run("update-ref", "refs/heads/main", commits[^1]);
        ProcessFigures git = await MeasuredProcess.RunAsync("git", "-C", _folder["rival.git"], "repack", "-d", "-q", "--geometric=2");
        CompactionResult? result = null;
        (wall, cpu) = await TimeAsync(async () => result = await store.CompactAsync(new CompactionOptions(), default));
        Console.WriteLine(result);
        Add($"small: compact by rule, {result!.PacksBefore} to {result.PacksAfter} packs", (await store.ReadFiguresAsync(default)).Objects, result.BytesBefore, wall, cpu, git);
        git = await MeasuredProcess.RunAsync("git", "-C", _folder["rival.git"], "repack", "-a", "-d", "-q");
        (wall, cpu) = await TimeAsync(async () => result = await store.CompactAsync(new CompactionOptions { Full = true }, default));
        Console.WriteLine(result);
        Add($"small: compact in full, {result!.PacksBefore} to {result.PacksAfter} packs", (await store.ReadFiguresAsync(default)).Objects, result.BytesBefore, wall, cpu, git);
    }

    private static async Task IngestAsync(LocalObjectStore store, byte[] pack)
    {
        await using IPackIngest ingest = await store.BeginIngestAsync(new IngestOptions { Threads = 1 }, default);
        await ingest.AddAsync(new MemoryStream(pack), default);
        CommitResult result = await ingest.CommitAsync("small", null, default);
        if (result.Status != CommitStatus.Committed)
        {
            throw new InvalidOperationException($"{result.Status}: {result.MissingCount} missing");
        }
    }

    private static async Task<(double Wall, double Cpu)> TimeAsync(Func<Task> work)
    {
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        await work();
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds);
    }

    private static void Report(string what) => Console.WriteLine(
        $"{what}: {Process.GetCurrentProcess().WorkingSet64 >> 20} MB resident, {GC.GetTotalMemory(false) >> 20} MB managed");

    private void Add(string what, long objects, long bytes, double wall, double cpu, ProcessFigures? git) => _table.Add(
        what,
        objects.ToString("N0", CultureInfo.InvariantCulture),
        (bytes / 1e6).ToString("F1", CultureInfo.InvariantCulture),
        wall.ToString("F2", CultureInfo.InvariantCulture),
        cpu.ToString("F2", CultureInfo.InvariantCulture),
        git?.WallSeconds.ToString("F2", CultureInfo.InvariantCulture) ?? "",
        git?.CpuSeconds.ToString("F2", CultureInfo.InvariantCulture) ?? "");
}
