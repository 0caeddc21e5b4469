using System.Globalization;
using Actors.Benchmarks.Measuring;
using Actors.TestKit;

namespace Actors.Benchmarks.Unchanged;

/// <summary>Memory and cost of campaigns of growing length: <c>memory [REPOSITORIES…]</c>, 10,000, 100,000 and 1,000,000 without.</summary>
internal static class MemoryBenchmark
{
    public static async Task<int> RunAsync(string[] args)
    {
        long[] sizes = args.Length > 0 ? [.. args.Select(a => long.Parse(a, CultureInfo.InvariantCulture))] : [10_000, 100_000, 1_000_000];
        ResultTable table = new(
            "Memory and cost by the length of a campaign",
            "As in `unchanged.md`, plain HTTP: the second campaign over a list of that length, in a process of its own.",
            ["repositories", "repositories/s", "µs CPU a repository", "allocated a repository", "RSS before", "RSS at the end", "peak RSS"]);
        foreach (long repositories in sizes)
        {
            using TemporaryFolder folder = new();
            string oid = await UnchangedClient.SeedAsync(folder.Make("store"));
            using ReplyServerProcess server = await ReplyServerProcess.StartAsync(oid, 0, null);
            await UnchangedBenchmark.ClientAsync(server, repositories, folder["store"], "new");
            double[] figures = await UnchangedBenchmark.ClientAsync(server, repositories, folder["store"], "unchanged");
            table.Add(
                repositories.ToString("N0", CultureInfo.InvariantCulture),
                (repositories / figures[0]).ToString("N0", CultureInfo.InvariantCulture),
                (figures[1] / repositories * 1e6).ToString("F1", CultureInfo.InvariantCulture),
                $"{figures[2] / repositories:F0} B",
                Mebibytes(figures[3]), Mebibytes(figures[4]), Mebibytes(figures[5]));
        }

        await table.WriteAsync("memory.md");
        return 0;
    }

    private static string Mebibytes(double bytes) => $"{bytes / (1 << 20):F0} MiB";
}
