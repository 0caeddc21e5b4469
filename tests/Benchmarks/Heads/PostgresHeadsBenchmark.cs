using System.Diagnostics;
using System.Globalization;
using Actors.Benchmarks.Measuring;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.TestKit.Servers;
using Npgsql;

namespace Actors.Benchmarks.Heads;

/// <summary>The shared head database beside the local one: looking up and recording, with every commit on the disk.</summary>
internal static class PostgresHeadsBenchmark
{
    public const string Usage = "heads-postgres [REPOSITORIES]: heads in PostgreSQL beside SQLite: repositories a second, µs of CPU, bytes a row";

    private const int FindBatch = 500;
    private const int RecordBatch = 1000;
    private const int BatchesAtOnce = 4;
    private const int CallersAtOnce = 1000;

    /// <summary>Beyond, SQLite in random order measures the disk for many minutes.</summary>
    private const int RandomListMax = 100_000;

    private static readonly string[] ServerSettings =
        ["fsync=on", "synchronous_commit=on", "full_page_writes=on", "shared_buffers=2GB", "max_wal_size=8GB", "checkpoint_timeout=15min", "wal_compression=on"];

    public static async Task<int> RunAsync(string[] args)
    {
        int size = args.Length == 0 ? 1_000_000 : int.Parse(args[0], CultureInfo.InvariantCulture);
        ResultTable table = new(
            "Heads in PostgreSQL",
            $"{Number(size)} repositories, visited again and again: each is looked up and its visit recorded. *Batches*: `FindAsync` of {FindBatch}, `RecordAsync` of {RecordBatch}, {BatchesAtOnce} workers. "
            + $"*One by one*: {Number(CallersAtOnce)} callers at once, each with one repository at a time, as syncs come. *Order*: the list as first recorded; *random*: shuffled. "
            + "Every commit is on the disk before its callers go on, on both sides: SQLite with `synchronous=FULL`; PostgreSQL on the same machine, over TCP, with "
            + string.Join(", ", ServerSettings.Select(s => $"`{s}`"))
            + ". CPU: µs a repository of this process, find and record together, the making of visits included; server: of all of PostgreSQL's processes. Client, server and disk share the machine.",
            ["Store", "Pass", "Repositories a second", "Client CPU µs", "Server CPU µs", "Wall µs", "WAL B", "HOT"]);
        await using PostgresServer server = await PostgresServer.StartAsync(ServerSettings);
        string connection = await server.CreateDatabaseAsync();
        await using (PostgresHeadStore store = await PostgresHeadStore.OpenAsync(connection, TimeProvider.System, new Random(1), CancellationToken.None))
        {
            await PassesAsync("PostgreSQL", store, size, table, new PostgresMeter(server, connection));
            await new RowSizes(connection, size).WriteAsync();
        }

        string folder = Directory.CreateTempSubdirectory("actors-heads-").FullName;
        try
        {
            await using SqliteHeadStore store = SqliteHeadStore.Open(Path.Combine(folder, "heads.db"));
            await PassesAsync("SQLite", store, size, table, meter: null);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        await table.WriteAsync("heads-postgres.md");
        return 0;
    }

    private static async Task PassesAsync(string name, IHeadStore store, int size, ResultTable table, PostgresMeter? meter)
    {
        int[] order = [.. Enumerable.Range(0, size)];
        await PassAsync("first, batches", BatchesAsync(first: true));
        await PassAsync("unchanged, batches, order", BatchesAsync(first: false));
        await PassAsync("unchanged, one by one, order", OneByOneAsync);
        if (meter is not null || size <= RandomListMax)
        {
            new Random(1).Shuffle(order);
            await PassAsync("unchanged, one by one, random", OneByOneAsync);
        }

        async Task PassAsync(string pass, Func<IHeadStore, int[], Task> work)
        {
            if (meter is not null)
            {
                await meter.SettleAsync();
            }

            (double serverSeconds, long wal, long updates, long hot) = meter is null ? (0, 0, 0, 0) : await meter.ReadAsync();
            TimeSpan cpu = Environment.CpuUsage.TotalTime;
            long began = Stopwatch.GetTimestamp();
            await work(store, order);
            TimeSpan wall = Stopwatch.GetElapsedTime(began);
            cpu = Environment.CpuUsage.TotalTime - cpu;
            (double serverAfter, long walAfter, long updatesAfter, long hotAfter) = meter is null ? (0, 0, 0, 0) : await meter.ReadAsync();
            table.Add(
                name, pass, Number((long)(size / wall.TotalSeconds)), Micros(cpu.TotalSeconds / size), meter is null ? "" : Micros((serverAfter - serverSeconds) / size),
                Micros(wall.TotalSeconds / size), meter is null ? "" : Number((walAfter - wal) / size),
                updatesAfter == updates ? "" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * (hotAfter - hot) / (updatesAfter - updates):F0} %"));
        }
    }

    private static Func<IHeadStore, int[], Task> BatchesAsync(bool first) => async (store, list) =>
        await Parallel.ForEachAsync(list.Chunk(RecordBatch), new ParallelOptions { MaxDegreeOfParallelism = BatchesAtOnce }, async (chunk, cancellationToken) =>
        {
            foreach (int[] batch in chunk.Chunk(FindBatch))
            {
                _ = await store.FindAsync([.. batch.Select(GeneratedVisits.Url)], cancellationToken);
            }

            await store.RecordAsync([.. chunk.Select(n => GeneratedVisits.Visit(n, first))], cancellationToken);
        });

    private static async Task OneByOneAsync(IHeadStore store, int[] list)
    {
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, CallersAtOnce).Select(_ => Task.Run(async () =>
        {
            for (int i = Interlocked.Increment(ref next); i < list.Length; i = Interlocked.Increment(ref next))
            {
                RepositoryUrl url = GeneratedVisits.Url(list[i]);
                RepositoryState? state = (await store.FindAsync([url], CancellationToken.None))[0];
                await store.RecordAsync([GeneratedVisits.Visit(list[i], first: state is null)], CancellationToken.None);
            }
        })));
    }

    private static string Micros(double seconds) => (seconds * 1e6).ToString("F1", CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
