using System.Diagnostics;
using System.Globalization;
using Actors.Benchmarks.Measuring;

namespace Actors.Benchmarks.Clusters;

/// <summary>Unchanged repositories through grains and PostgreSQL, by the number of silos, all on this machine.</summary>
internal static class ClusterBenchmark
{
    public const string Usage = "cluster [REPOSITORIES [SILOS…]]: unchanged repositories through a cluster of real silos; publish silo first (ACTORS_SILO=DIR)";

    private const int Hosts = 50;

    public static async Task<int> RunAsync(string[] args)
    {
        int repositories = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 100_000;
        int[] sizes = args.Length > 1 ? [.. args[1..].Select(int.Parse)] : [1, 2, 4, 8];
        ResultTable table = new(
            "Unchanged repositories through a cluster",
            $"{repositories:N0} repositories on {Hosts} simulated forge hosts (8 syncs at once each, no rate), each with one branch. Real silos (Orleans 10.4.2, one process each), one PostgreSQL "
            + "server (synchronous_commit as it comes, fsync off), all on one machine with the forges. A first campaign stores the heads; more follow over the same list, until each "
            + "silo has worked as many repositories as a single one has by then (a process that is new compiles what it runs, some seconds of CPU, whatever it is given); the last is measured: submitted, split into chunks, claimed, permits leased, one repository grain a visit, probed, compared, recorded, reported. CPU of the silos and of PostgreSQL; the forges' is not counted.",
            ["silos", "seconds", "repositories/s", "µs CPU a repository", "of it silos", "of it PostgreSQL", "resident a silo", "requests"]);
        foreach (int silos in sizes)
        {
            await using ClusterBed bed = await ClusterBed.MakeAsync(Hosts, 0, repositories, 1, "max_connections=500");
            await bed.MigrateAsync();
            await bed.StartAsync(silos);
            string[] urls = [.. Enumerable.Range(0, repositories).Select(number => ManyForges.UrlOf(bed.Ports, number, repositories, 1))];
            await bed.CompleteAsync(urls[..1], "new");
            await bed.CompleteAsync(urls[1..], "new");
            for (int pass = 1; pass < silos; pass++)
            {
                await bed.CompleteAsync(urls, "unchanged");
            }

            ForgeFigures forgesBefore = await bed.ReadForgesAsync();
            (ProcessUse silosBefore, ProcessUse serverBefore) = (bed.UseOfSilos(), ProcessUse.In(bed.DatabaseFolder));
            long began = Stopwatch.GetTimestamp();
            await bed.CompleteAsync(urls, "unchanged");
            double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            ProcessUse silosAfter = bed.UseOfSilos();
            double ours = (silosAfter.CpuSeconds - silosBefore.CpuSeconds) * 1e6 / repositories;
            double server = (ProcessUse.In(bed.DatabaseFolder).CpuSeconds - serverBefore.CpuSeconds) * 1e6 / repositories;
            table.Add(
                Text(silos, "F0"), Text(seconds, "F1"), Text(repositories / seconds, "N0"), Text(ours + server, "F0"), Text(ours, "F0"), Text(server, "F0"),
                $"{silosAfter.ResidentBytes / silos >> 20} MiB", Text((await bed.ReadForgesAsync()).Requests - forgesBefore.Requests, "N0"));
            await table.WriteAsync("cluster.md");
        }

        return 0;
    }

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
