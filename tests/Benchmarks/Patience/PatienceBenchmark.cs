using System.Globalization;
using Actors.Benchmarks.Measuring;
using Actors.Sync.ForgeHosts;
using Actors.TestKit.Forges;
using Actors.Web.Forges;

namespace Actors.Benchmarks.Patience;

/// <summary>How much of a forge's limit is used, and how often it is met: the host policy beside fixed pools of workers.</summary>
internal static class PatienceBenchmark
{
    public const string Usage = "patience [SECONDS]: goodput on a host with a limit and bans, 30 simulated minutes and one real one, beside fixed pools";

    private static readonly int[] Pools = [1, 4, 8, 16];

    /// <summary>Twenty requests a second from a bucket of twenty; ten refusals within a minute are a ban of five minutes, which each request begins anew.</summary>
    public static RequestLimit Limit { get; } = new()
    {
        RequestsPerSecond = 20, Burst = 20, RefusalsToBan = 10, BanWindow = TimeSpan.FromMinutes(1), BanTime = TimeSpan.FromMinutes(5),
    };

    public static async Task<int> RunAsync(string[] args)
    {
        int seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 60;
        ResultTable table = new(
            "Patience",
            "One forge host that bears 20 requests a second (a bucket of 20) and answers 429 with Retry-After beyond; ten refusals within a minute are a ban of five "
            + "minutes, which each request in it begins anew. There is always work; answers take some 80 ms. Goodput is answered requests by 20 a second; the target is "
            + "95 % with at most 1 % refused. A pool's worker waits as long as it is told after a refusal. Simulated: mean of ten seeds, from knowing nothing. Real: the "
            + "in-process engine with 64 permits over HTTP, from knowing nothing and then from what was learnt in the minute before; fixed pools of the same client, each with a forge of its own, in the first minute.",
            ["clock", "who", "goodput", "answered", "refused", "refused of all", "bans"]);
        Simulate(table, "policy", 20, seed => new PolicySender(new HostPolicy(new HostRules { Concurrency = 64 }, new Random(seed))));
        foreach (int workers in Pools)
        {
            Simulate(table, Pool(workers), 20, _ => new FixedPool(workers));
        }

        foreach (double rate in (double[])[1, 5, 50])
        {
            Simulate(table, $"policy, {rate} a second", rate, seed => new PolicySender(new HostPolicy(new HostRules { Concurrency = 64 }, new Random(seed))));
        }

        Task<(LimitFigures, LimitFigures)> engine = RealRuns.RunEngineAsync(seconds);
        LimitFigures[] pools = await Task.WhenAll(Pools.Select(workers => RealRuns.RunPoolAsync(workers, seconds)));
        (LimitFigures first, LimitFigures second) = await engine;
        Add(table, $"{seconds} s real", "policy", first);
        Add(table, $"{seconds} s real", "policy, the next minute", second);
        for (int run = 0; run < pools.Length; run++)
        {
            Add(table, $"{seconds} s real", Pool(Pools[run]), pools[run]);
        }

        await table.WriteAsync("patience.md");
        return 0;
    }

    private static string Pool(int workers) => workers == 1 ? "1 worker" : $"{workers} workers";

    private static void Simulate(ResultTable table, string who, double rate, Func<int, IRequestSender> make)
    {
        RequestLimit limit = Limit with { RequestsPerSecond = rate, Burst = rate };
        LimitFigures[] runs = [.. from seed in Enumerable.Range(1, 10)
                                  select new LimitSimulation(limit, TimeSpan.FromMilliseconds(80), seed).Run(make(seed), TimeSpan.FromMinutes(30))];
        Add(table, "30 min simulated", who, new LimitFigures(
            (long)runs.Average(r => r.Answered), (long)Math.Ceiling(runs.Average(r => r.Refused)), (long)Math.Ceiling(runs.Average(r => r.Bans)), runs.Average(r => r.Goodput)));
    }

    private static void Add(ResultTable table, string clock, string who, LimitFigures figures) => table.Add(
        clock, who, Percent(figures.Goodput), figures.Answered.ToString(CultureInfo.InvariantCulture), figures.Refused.ToString(CultureInfo.InvariantCulture),
        Percent(figures.RefusedShare), figures.Bans.ToString(CultureInfo.InvariantCulture));

    private static string Percent(double share) => (share * 100).ToString("F2", CultureInfo.InvariantCulture) + " %";
}
