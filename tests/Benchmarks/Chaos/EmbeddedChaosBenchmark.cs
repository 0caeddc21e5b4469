using System.Diagnostics;
using System.Globalization;
using Actors.Benchmarks.Measuring;
using Actors.Store.Heads;

namespace Actors.Benchmarks.Chaos;

/// <summary>
/// Minutes of real time on forges that throttle, stall, lie and hide, while their repositories change: nothing lost, nothing told wrong, memory flat; then in
/// peace all converges and git reads it.
/// </summary>
internal static class EmbeddedChaosBenchmark
{
    public const string Usage = "chaos [MINUTES [REPOSITORIES [SEED]]]: the embedded engine on six hostile forges with real git, five minutes by default";

    private const int PeacefulRoundsMax = 5;

    public static async Task<int> RunAsync(string[] args)
    {
        int minutes = Argument(0, 5), repositories = Argument(1, 180), seed = Argument(2, 1);
        await using ChaosForges forges = await ChaosForges.StartAsync(repositories / 6, seed);
        await using ChaosRun run = new(forges);
        ResultTable table = new(
            "Chaos on the embedded engine",
            $"Six forges in this process with real git behind them, {forges.Repositories.Count} repositories, of which some five a second change (pushes, rewrites, branches) and one in ten has 500 tags: "
            + "two with a limit of 4 requests a second (one bans for 8 seconds who is refused five times in a minute), one that is late, stalls and resets, one that changes bytes of packs, cuts answers and sends HTML, "
            + "one that hides and deletes, one with a limit and all faults. Campaign after campaign over all of them; after each, every repository must have exactly one visit by it (else lost), with heads that its forge showed during the visit, "
            + "or a failure that its forge causes (else wrong). Then the faults stop and the owners rest; campaigns go on until all heads are the forges'; git checks the store. Memory is that of engine and forges together, after a collection.",
            ["minute", "campaigns", "visits", "succeeded", "failed as the forge did", "refused of all requests", "bans", "lost", "wrong", "managed memory", "resident"]);
        using CancellationTokenSource rest = new();
        Task changes = forges.ChangeAsync(seed, rest.Token);
        long began = Stopwatch.GetTimestamp();
        int campaigns = 0;
        for (int minute = 1; minute <= minutes; minute++)
        {
            while (Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(minute))
            {
                await run.RunCampaignAsync();
                campaigns++;
            }

            Add(table, minute.ToString(CultureInfo.InvariantCulture), campaigns, forges, run);
        }

        await rest.CancelAsync();
        await changes;
        forges.Calm();
        int unlike = forges.Repositories.Count, rounds = 0;
        while (unlike > 0 && rounds++ < PeacefulRoundsMax)
        {
            await run.RunCampaignAsync();
            campaigns++;
            unlike = await run.CountUnlikeAsync();
        }

        await run.CheckStoreAsync();
        Add(table, $"in peace ({rounds} campaign{(rounds == 1 ? "" : "s")}, {unlike} unlike)", campaigns, forges, run);
        run.Examples.Take(10).ToList().ForEach(Console.WriteLine);
        await table.WriteAsync("chaos.md");
        return run.Lost + run.Wrong + unlike == 0 ? 0 : 1;

        int Argument(int place, int otherwise) => args.Length > place ? int.Parse(args[place], CultureInfo.InvariantCulture) : otherwise;
    }

    private static void Add(ResultTable table, string label, int campaigns, ChaosForges forges, ChaosRun run)
    {
        long visits = run.Outcomes.Values.Sum(), good = run.Outcomes.Where(pair => pair.Key.IsSuccess()).Sum(pair => pair.Value);
        long requests = forges.Forges.Sum(forge => forge.Forge.Requests), refused = forges.Forges.Sum(forge => forge.Refused);
        long managed = GC.GetTotalMemory(forceFullCollection: true);
        table.Add(
            label, Text(campaigns), Text(visits), Text(good), Text(visits - good), string.Create(CultureInfo.InvariantCulture, $"{100.0 * refused / Math.Max(1, requests):F2} %"),
            Text(forges.Forges.Sum(forge => forge.Bans)), Text(run.Lost), Text(run.Wrong), Mebibytes(managed), Mebibytes(Environment.WorkingSet));
    }

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Mebibytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 20):F0} MiB");
}
