using System.Diagnostics;
using System.Globalization;
using Actors.Benchmarks.Measuring;

namespace Actors.Benchmarks.Clusters;

/// <summary>
/// A campaign over a cluster of many silos, undisturbed, and again while silos are killed with SIGKILL and others join. Whatever
/// happened: one outcome a repository, a closed store, and no host that saw more than it permits.
/// </summary>
internal static class ChaosBenchmark
{
    public const string Usage = "cluster-chaos [SILOS [REPOSITORIES [KILLS [JOINS [PACKS [RUNS]]]]]]: a campaign while silos are killed; publish silo (ACTORS_SILO=DIR) and build client first; PACKS: s3 (the default) or directory; RUNS: both (the default) or disturbed";

    private const int Hosts = 50;
    private const int LatencyMs = 20;
    private const int Real = 2_000;
    private const int Concurrency = 8;
    private const double Rate = 60;

    public static async Task<int> RunAsync(string[] args)
    {
        int silos = Argument(0, 60), repositories = Argument(1, 100_000), kills = Argument(2, 20), joins = Argument(3, 10);
        bool s3 = args.Length < 5 || args[4] == "s3";
        ResultTable table = new(
            "A campaign while silos are killed",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{silos} silos, each a process, on this machine: {repositories:N0} repositories, {Real:N0} of them, evenly spread, fetched, on {Hosts} forge hosts that answer after {LatencyMs} ms and permit {Concurrency} syncs at once and {Rate:F0} a second each. ")
            + $"Disturbed: {kills} silos chosen by chance are killed with SIGKILL, one after each {100.0 / (kills + 1):F1} % of the list, and {joins} new ones join. Packs in {(s3 ? "S3 (radosgw)" : "a directory")}. Checked after each run: "
            + "every repository has exactly one line in the report, as new; the store has nothing wrong (`actors fsck`).",
            ["run", "silos at the end", "seconds", "repositories/s", "× undisturbed", "most at once on a host", "most syncs begun in a second on a host", "requests", "resident in all"]);
        double undisturbed = 0;
        foreach (bool disturbed in args.Length > 5 && args[5] == "disturbed" ? [true] : new[] { false, true })
        {
            await using ClusterBed bed = await ClusterBed.MakeAsync(Hosts, LatencyMs, repositories, Real, "max_connections=1000");
            bed.Settings["ACTORS_HOST_CONCURRENCY"] = Concurrency.ToString(CultureInfo.InvariantCulture);
            bed.Settings["ACTORS_HOST_RATE"] = Rate.ToString(CultureInfo.InvariantCulture);
            bed.Settings["ACTORS_MEMORY"] = "256";

            // So many processes on few cores: none compiles a second time what was compiled beforehand.
            bed.Settings["DOTNET_TieredCompilation"] = "0";
            if (s3)
            {
                await bed.UseS3Async();
            }

            await bed.MigrateAsync();
            long starting = Stopwatch.GetTimestamp();
            await bed.StartAsync(silos);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{silos} silos are ready after {Stopwatch.GetElapsedTime(starting).TotalSeconds:F0} s."));
            string[] urls = [.. Enumerable.Range(0, repositories).Select(number => ManyForges.UrlOf(bed.Ports, number, repositories, Real))];
            await bed.CompleteAsync(urls[..1], "new");
            Disturbance disturbance = new(bed, repositories, disturbed ? kills : 0, disturbed ? joins : 0, seed: 1);
            long began = Stopwatch.GetTimestamp();
            string campaign = await bed.SubmitAsync(urls[1..]);
            long shown = began;
            await bed.WaitAsync(campaign, done =>
            {
                if (Stopwatch.GetElapsedTime(shown).TotalSeconds >= 10)
                {
                    shown = Stopwatch.GetTimestamp();
                    Console.Error.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s: {done:N0} of {repositories:N0}, {bed.Silos.Count(silo => silo.IsAlive)} silos, {disturbance.Killed} killed, {disturbance.Joined} joined"));
                }

                return disturbance.ActAsync(done);
            });
            double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            int declaredDead = bed.CheckSilos();
            undisturbed = disturbed ? undisturbed : seconds;
            ProcessUse use = bed.UseOfSilos();
            await bed.CheckReportAsync(campaign, urls[1..], "new");
            await bed.CheckStoreAsync();
            ForgeFigures forges = await bed.ReadForgesAsync();
            table.Add(
                (disturbed ? $"{disturbance.Killed} killed, {disturbance.Joined} joined" : "undisturbed") + (declaredDead > 0 ? $", {declaredDead} declared dead by the others and replaced" : ""), Text(bed.Silos.Count(silo => silo.IsAlive), "F0"), Text(seconds, "F1"),
                Text(repositories / seconds, "N0"), undisturbed > 0 ? Text(seconds / undisturbed, "F2") : "", Text(forges.AtOnceMax, "F0"), Text(forges.BegunMax, "F0"), Text(forges.Requests, "N0"),
                Text(use.ResidentBytes / 1e9, "F1") + " GB");
            await table.WriteAsync("cluster-chaos.md");
        }

        return 0;

        int Argument(int place, int otherwise) => args.Length > place ? int.Parse(args[place], CultureInfo.InvariantCulture) : otherwise;
    }

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
