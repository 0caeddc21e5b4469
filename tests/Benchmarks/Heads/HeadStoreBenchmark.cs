using System.Diagnostics;
using System.Globalization;
using Actors.Benchmarks.Measuring;
using Actors.Git.Remotes;
using Actors.Store.Heads;

namespace Actors.Benchmarks.Heads;

/// <summary>What the head database costs a repository: looking it up and recording the visit, in batches as a campaign does.</summary>
internal static class HeadStoreBenchmark
{
    private const int FindBatch = 500;
    private const int RecordBatch = 1000;

    /// <summary>Beyond, a list in random order measures the disk for many minutes.</summary>
    private const int RandomListMax = 100_000;

    /// <summary>Arguments: numbers of repositories, smallest first.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        int[] sizes = args.Length == 0 ? [10_000, 100_000, 1_000_000] : [.. args.Select(a => int.Parse(a, CultureInfo.InvariantCulture))];
        ResultTable table = new(
            "Head database",
            $"A list of repositories is visited again and again: `FindAsync` in batches of {FindBatch}, `RecordAsync` in batches of {RecordBatch} unchanged visits "
            + "(the first time: new repositories of four refs each). Figures are µs of this process's CPU a repository; wall includes waiting for the disk after each batch. "
            + "*order*: as recorded first; *ends mixed*: looked up in that order, recorded in the order in which syncs might end; *random*: another list. "
            + "Disk is the file after the pass, without its log (up to 16 MiB); anonymous memory the process's after the pass.",
            ["Repositories", "Pass", "Find CPU µs", "Record CPU µs", "Together", "Wall µs", "Disk B/repository", "Anonymous MB"]);
        // The compiler's own work is over before anything counts.
        await RunAsync(20_000, table: null);
        foreach (int size in sizes)
        {
            await RunAsync(size, table);
        }

        await table.WriteAsync("heads.md");
        return 0;
    }

    private static async Task RunAsync(int size, ResultTable? table)
    {
        string folder = Directory.CreateTempSubdirectory("actors-heads-").FullName;
        try
        {
            string path = Path.Combine(folder, "heads.db");
            await using SqliteHeadStore store = SqliteHeadStore.Open(path);
            int[] order = [.. Enumerable.Range(0, size)];
            Random random = new(1);
            await PassAsync(store, order, mixed: null, "first", first: true);
            await PassAsync(store, order, mixed: null, "unchanged, order", first: false);
            await PassAsync(store, order, random, "unchanged, ends mixed", first: false);
            if (size <= RandomListMax)
            {
                random.Shuffle(order);
                await PassAsync(store, order, mixed: null, "unchanged, random", first: false);
            }

            async Task PassAsync(SqliteHeadStore heads, int[] list, Random? mixed, string name, bool first)
            {
                (TimeSpan find, TimeSpan record, TimeSpan wall) = await PassOnceAsync(heads, list, mixed, first);
                table?.Add(
                    Number(size), name, Micros(find, size), Micros(record, size), Micros(find + record, size), Micros(wall, size),
                    Number(new FileInfo(path).Length / size), Number(AnonymousBytes() >> 20));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(TimeSpan Find, TimeSpan Record, TimeSpan Wall)> PassOnceAsync(SqliteHeadStore store, int[] list, Random? mixed, bool first)
    {
        (TimeSpan find, TimeSpan record, TimeSpan wall) = (default, default, default);
        foreach (int[] chunk in list.Chunk(4 * RecordBatch))
        {
            RepositoryUrl[] urls = [.. chunk.Select(GeneratedVisits.Url)];
            foreach (RepositoryUrl[] batch in urls.Chunk(FindBatch))
            {
                long began = Stopwatch.GetTimestamp();
                TimeSpan before = Environment.CpuUsage.TotalTime;
                await store.FindAsync(batch, CancellationToken.None);
                find += Environment.CpuUsage.TotalTime - before;
                wall += Stopwatch.GetElapsedTime(began);
            }

            mixed?.Shuffle(chunk);
            foreach (int[] batch in chunk.Chunk(RecordBatch))
            {
                Visit[] visits = [.. batch.Select(n => GeneratedVisits.Visit(n, first))];
                long began = Stopwatch.GetTimestamp();
                TimeSpan before = Environment.CpuUsage.TotalTime;
                await store.RecordAsync(visits, CancellationToken.None);
                record += Environment.CpuUsage.TotalTime - before;
                wall += Stopwatch.GetElapsedTime(began);
            }
        }

        return (find, record, wall);
    }

    private static long AnonymousBytes()
    {
        GC.Collect();
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("RssAnon:", StringComparison.Ordinal));
        return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    private static string Micros(TimeSpan time, int size) => (time.TotalMicroseconds / size).ToString("F1", CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
