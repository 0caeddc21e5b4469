using System.Diagnostics;
using System.Globalization;
using Actors.Benchmarks.Measuring;
using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Store.Blobs;
using Actors.Store.Objects;
using Actors.TestKit;
using Actors.TestKit.Blobs;
using Actors.TestKit.Servers;

namespace Actors.Benchmarks.ObjectStores;

/// <summary>The shared object store on a real S3 service and a real PostgreSQL server, beside the local one: what it asks of the service, and how long it takes.</summary>
internal sealed class SharedStoreBenchmark(string repository) : IDisposable
{
    public const string Usage = "shared-store REPOSITORY: the shared object store with a bare repository's pack, on S3 and PostgreSQL, beside the local one";

    private const int Reads = 2_000;
    private const int SmallIngests = 96;
    private const int AtOnce = 32;

    private readonly TemporaryFolder _folder = new();
    private readonly ResultTable _table = new(
        "Shared object store",
        """
        One bare repository's pack. Each "process" is a store of its own in this process, with an empty cache unless "warm" is said; Ceph's radosgw in memory and PostgreSQL
        without fsync on the same machine. Requests and MB are those of the S3 service for what the row does. "again": the same pack
        once more, so that every object is compared with the stored one. "small": ingests of one new blob each, by this many callers at once. The rival is the local store doing the same.
        """,
        ["what", "objects", "PUTs", "GETs", "MB read", "packs visible", "shared s", "shared CPU s", "local s"]);

    private readonly Dictionary<string, long> _requests = [];

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length != 1)
        {
            Console.Error.WriteLine(Usage);
            return 1;
        }

        using var benchmark = new SharedStoreBenchmark(args[0]);
        await benchmark.MeasureAsync();
        return 0;
    }

    public void Dispose() => _folder.Dispose();

    private async Task MeasureAsync()
    {
        string pack = Directory.EnumerateFiles(Path.Combine(repository, "objects", "pack"), "*.pack").OrderByDescending(path => new FileInfo(path).Length).First();
        await using PostgresServer server = await PostgresServer.StartAsync();
        S3Server s3 = await S3Server.SharedAsync(why => throw new InvalidOperationException(why));
        string bucket = await s3.MakeBucketAsync();
        await using var local = LocalObjectStore.Open(_folder["local"], StoreAccess.Write, TimeProvider.System);
        await using (SharedObjectStore first = await OpenAsync(server, s3, bucket))
        {
            await CompareAsync("ingest", first, local, store => IngestAsync(store, pack));
        }

        await using (SharedObjectStore second = await OpenAsync(server, s3, bucket))
        {
            await CompareAsync("again, by another process", second, local, store => IngestAsync(store, pack));
            await CompareAsync("again, warm", second, local, store => IngestAsync(store, pack));
        }

        Oid[] some = Choose(pack);
        await using (SharedObjectStore third = await OpenAsync(server, s3, bucket))
        {
            await CompareAsync("read one object", third, local, store => ReadAsync(store, some[..1]));
            await CompareAsync("read at random", third, local, store => ReadAsync(store, some));
            await CompareAsync("small, one at a time", third, local, store => SmallAsync(store, 1));
            await CompareAsync($"small, {AtOnce} at a time", third, local, store => SmallAsync(store, AtOnce));
            await CompareAsync("compact in full", third, local, async store => (await store.CompactAsync(new CompactionOptions { Full = true }, default)).PacksBefore);
        }

        await _table.WriteAsync("shared-store.md");
    }

    private async Task<SharedObjectStore> OpenAsync(PostgresServer server, S3Server s3, string bucket)
    {
        var counted = new FaultyBlobStore(s3.Open(bucket), 1, BlobFaults.None);
        counted.Observer = (call, _) =>
        {
            lock (_requests)
            {
                _requests[call] = _requests.GetValueOrDefault(call) + 1;
            }
        };
        return await SharedObjectStore.OpenAsync(server.ConnectionString, counted, _folder["cache"], SharedStoreOptions.Default, TimeProvider.System, default);
    }

    private async Task CompareAsync(string what, SharedObjectStore shared, LocalObjectStore local, Func<IObjectStore, Task<long>> work)
    {
        _requests.Clear();
        long bytes = shared.FetchedBytes;
        TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        long objects = await work(shared);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double cpuSeconds = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
        bytes = shared.FetchedBytes - bytes;
        string[] counts = [Text(_requests.GetValueOrDefault("put")), Text(_requests.GetValueOrDefault("read"))];
        start = Stopwatch.GetTimestamp();
        _ = await work(local);
        double rival = Stopwatch.GetElapsedTime(start).TotalSeconds;
        int packs = (await shared.ReadFiguresAsync(default)).Packs;
        _table.Add(what, Text(objects), counts[0], counts[1], Text(bytes / 1e6), Text(packs), Text(seconds), Text(cpuSeconds), Text(rival));
    }

    private static async Task<long> IngestAsync(IObjectStore store, string path)
    {
        await using IPackIngest ingest = await store.BeginIngestAsync(new IngestOptions(), default);
        await using var bytes = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
        await ingest.AddAsync(bytes, default);
        CommitResult result = await ingest.CommitAsync("benchmark", null, default);
        return result.Status == CommitStatus.Committed
            ? result.NewObjects + result.KnownObjects
            : throw new InvalidOperationException($"{result.MissingCount} objects are missing in this repository: take another one.");
    }

    private static async Task<long> ReadAsync(IObjectStore store, Oid[] oids)
    {
        foreach (Oid oid in oids)
        {
            _ = await store.ReadAsync(oid, long.MaxValue, default) ?? throw new InvalidOperationException($"{oid} is not there.");
        }

        return oids.Length;
    }

    private static async Task<long> SmallAsync(IObjectStore store, int atOnce)
    {
        int next = 0;
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(i => Task.Run(async () =>
        {
            for (int number; (number = Interlocked.Increment(ref next)) <= SmallIngests;)
            {
                await IngestBlobAsync(store, System.Text.Encoding.ASCII.GetBytes($"blob {number} of {atOnce}"));
            }
        })));
        return SmallIngests;
    }

    private static async Task IngestBlobAsync(IObjectStore store, byte[] content)
    {
        using var pack = new MemoryStream();
        using var writer = new PackWriter(pack, 1);
        await writer.WriteObjectAsync(ObjectHash.Compute(ObjectType.Blob, content), ObjectType.Blob, content, default);
        await writer.FinishAsync(default);
        pack.Position = 0;
        await using IPackIngest ingest = await store.BeginIngestAsync(new IngestOptions { Threads = 1 }, default);
        await ingest.AddAsync(pack, default);
        CommitResult result = await ingest.CommitAsync("benchmark", null, default);
        if (result.NewObjects != 1)
        {
            throw new InvalidOperationException($"{result.Status}, {result.NewObjects} new");
        }
    }

    private Oid[] Choose(string pack)
    {
        using var index = PackIndex.Open(Path.ChangeExtension(pack, ".idx"));
        var random = new Random(1);
        return [.. Enumerable.Range(0, Reads).Select(_ => index.Oids[random.Next(index.Count)])];
    }

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Text(double number) => number.ToString(number < 10 ? "F2" : "F1", CultureInfo.InvariantCulture);
}
