using System.Diagnostics;
using System.Globalization;
using Actors.Git.Objects;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;
using Microsoft.Extensions.Logging.Abstractions;

namespace Actors.Benchmarks.Unchanged;

/// <summary>
/// One campaign in a process of its own, over stores on disk: <c>unchanged-client ADDRESS REPOSITORIES CONNECTIONS FOLDER
/// EXPECTED-OUTCOME</c>. Prints one line: wall seconds, CPU seconds, allocated bytes, resident bytes before, at the end, at most.
/// </summary>
internal static class UnchangedClient
{
    public static async Task<int> RunAsync(string[] args)
    {
        (string address, long repositories, int connections, string folder, string expected) =
            (args[0], long.Parse(args[1], CultureInfo.InvariantCulture), int.Parse(args[2], CultureInfo.InvariantCulture), args[3], args[4]);
        await using GitClient client = new(new GitClientOptions { ConnectionsPerHostMax = connections });
        await using LocalObjectStore objects = LocalObjectStore.Open(folder, StoreAccess.Write, TimeProvider.System);
        await using SqliteHeadStore heads = SqliteHeadStore.Open(Path.Combine(folder, "heads.sqlite"));
        await using LocalEngine engine = new(
            client, objects, heads, TimeProvider.System, new Random(1), NullLoggerFactory.Instance, new LocalEngineOptions { SpoolFolder = Path.Combine(folder, "spool") });
        CountingObserver observer = new();

        // Warm: connections stand and code is compiled, as in a run of any length.
        if (expected == "unchanged")
        {
            await RunAsync(engine, observer, address, Math.Min(repositories, 10_000), connections);
            observer.Reset();
        }

        using Process self = Process.GetCurrentProcess();
        (TimeSpan cpu, long allocated, long resident) = (self.TotalProcessorTime, GC.GetTotalAllocatedBytes(), self.WorkingSet64);
        long start = Stopwatch.GetTimestamp();
        await RunAsync(engine, observer, address, repositories, connections);
        TimeSpan wall = Stopwatch.GetElapsedTime(start);
        self.Refresh();
        if (observer.Outcomes(expected) != repositories)
        {
            throw new InvalidOperationException($"{observer.Outcomes(expected)} of {repositories} were {expected}: {observer.Error}");
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{wall.TotalSeconds} {(self.TotalProcessorTime - cpu).TotalSeconds} {GC.GetTotalAllocatedBytes() - allocated} {resident} {self.WorkingSet64} {self.PeakWorkingSet64}"));
        return 0;
    }

    /// <summary>Puts the one commit and its empty tree into a store.</summary>
    public static async Task<string> SeedAsync(string folder)
    {
        await using LocalObjectStore objects = LocalObjectStore.Open(folder, StoreAccess.Write, TimeProvider.System);
        byte[] pack = OneCommitPack.Make(ReplyServer.Commit, out Oid commit);
        await using IPackIngest ingest = await objects.BeginIngestAsync(new IngestOptions(), CancellationToken.None);
        await ingest.AddAsync(new MemoryStream(pack), CancellationToken.None);
        await ingest.CommitAsync("seed", null, CancellationToken.None);
        return commit.ToString();
    }

    private static Task RunAsync(LocalEngine engine, CountingObserver observer, string address, long repositories, int connections)
    {
        CampaignRequest request = new()
        {
            List = new GeneratedList(address, 1, repositories),
            Key = "benchmark",
            Jobs = connections,
            HostLimits = new HostLimits(connections, double.PositiveInfinity),
        };
        return engine.RunAsync(request, observer, CancellationToken.None);
    }
}
