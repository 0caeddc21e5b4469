using System.Diagnostics;
using System.Globalization;
using Actors.Benchmarks.Measuring;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;
using Actors.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Actors.Benchmarks.Unchanged;

/// <summary>
/// Where the time of an unchanged repository goes: <c>engine-share [REPOSITORIES]</c>. The same campaign without wire, over heads in
/// memory and in SQLite: what is left is the engine, and the engine with the head database.
/// </summary>
internal static class EngineShareBenchmark
{
    public static async Task<int> RunAsync(string[] args)
    {
        int repositories = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 200_000;
        ResultTable table = new(
            "The engine's share of an unchanged repository",
            "A campaign whose syncs end at once as unchanged, in this process, warm: list, queues, permits, workers, recording. No wire. 1 host, and 1,000 hosts.",
            ["heads", "hosts", "repositories/s", "µs CPU a repository", "allocated a repository"]);
        using TemporaryFolder folder = new();
        foreach (int hosts in new[] { 1, 1000 })
        {
            await using MemoryHeadStore memory = new();
            await MeasureAsync(table, "in memory", memory, hosts, repositories);
            await using SqliteHeadStore sqlite = SqliteHeadStore.Open(folder[$"heads-{hosts}.sqlite"]);
            await MeasureAsync(table, "SQLite", sqlite, hosts, repositories);
        }

        await table.WriteAsync("engine-share.md");
        return 0;
    }

    private static async Task MeasureAsync(ResultTable table, string name, IHeadStore heads, int hosts, int repositories)
    {
        SyncStep sync = static async (url, known, _) =>
        {
            // As with a wire, the worker comes back on another thread.
            await Task.Yield();
            Outcome outcome = known?.Snapshot is null ? Outcome.New : Outcome.Unchanged;
            SyncReport report = new() { Url = url, Outcome = outcome };
            Visit visit = new() { Url = url, StartedAt = TimeProvider.System.GetUtcNow(), Outcome = outcome, NewSnapshot = outcome == Outcome.New ? Snapshot.Empty : null };
            return new SyncResult(report, visit, null);
        };
        await using LocalEngine engine = new(
            _ => sync, null, new ServerProfiles(), heads, TimeProvider.System, new Random(1), NullLoggerFactory.Instance, new LocalEngineOptions { SpoolFolder = Path.GetTempPath() });
        using Process self = Process.GetCurrentProcess();
        for (int run = 0; run < 3; run++)
        {
            self.Refresh();
            (TimeSpan cpu, long allocated, long start) = (self.TotalProcessorTime, GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());
            CampaignRequest request = new()
            {
                List = new GeneratedList("https://{0}.example", hosts, repositories),
                Key = "benchmark",
                HostLimits = new HostLimits(64, double.PositiveInfinity),
                HostRules = new HostRuleBook(new Dictionary<string, HostRules>(), HostRules.Open(new HostLimits(64, double.PositiveInfinity))),
            };
            await engine.RunAsync(request, new CountingObserver(), CancellationToken.None);
            TimeSpan wall = Stopwatch.GetElapsedTime(start);
            self.Refresh();
            if (run == 2)
            {
                table.Add(
                    name, hosts.ToString(CultureInfo.InvariantCulture), (repositories / wall.TotalSeconds).ToString("F0", CultureInfo.InvariantCulture),
                    ((self.TotalProcessorTime - cpu).TotalSeconds / repositories * 1e6).ToString("F1", CultureInfo.InvariantCulture),
                    $"{(GC.GetTotalAllocatedBytes() - allocated) / repositories} B");
            }
        }
    }
}
