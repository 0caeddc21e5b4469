using System.Globalization;
using Actors.Benchmarks.Measuring;
using Actors.TestKit;

namespace Actors.Benchmarks.Unchanged;

/// <summary>
/// A campaign over repositories of which none has changed: <c>unchanged [REPOSITORIES]</c>. Client and server are processes of
/// their own; only the client's CPU counts. Beside it, on a sample: <c>git ls-remote</c> under xargs, and libgit2.
/// </summary>
internal static class UnchangedBenchmark
{
    private const int Connections = 64;
    private const int GitSample = 400;
    private const int LibGit2Sample = 20_000;

    public static async Task<int> RunAsync(string[] args)
    {
        int repositories = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 100_000;
        ResultTable table = new(
            "Unchanged repositories",
            $"Every repository has five refs that have not changed. A first campaign stores their heads; the second is measured, warm, in a process of its own: list read, "
            + "heads looked up, remote probed, heads compared, visit recorded in SQLite and durable. The server, in another process on the same machine, answers with fixed "
            + $"bytes. CPU is the client's alone. `git ls-remote` runs under `xargs -P`, one process a repository, on {GitSample} repositories; libgit2 1.5 as threads of one process "
            + $"on {LibGit2Sample}, without heads or visits; both connect anew each time. With 50 ms of latency all use equal connections.",
            ["server", "client", "connections", "repositories/s", "µs CPU a repository", "× ours", "allocated a repository", "peak RSS"]);
        foreach ((string name, int delay, bool tls) in new[] { ("plain", 0, false), ("TLS", 0, true), ("plain, 50 ms", 50, false), ("TLS, 50 ms", 50, true) })
        {
            using TemporaryFolder folder = new();
            await RunCaseAsync(table, folder, name, delay, tls, delay > 0 ? Math.Min(repositories, 20_000) : repositories);
        }

        await table.WriteAsync("unchanged.md");
        return 0;
    }

    private static async Task RunCaseAsync(ResultTable table, TemporaryFolder folder, string name, int delay, bool tls, int repositories)
    {
        string store = folder.Make("store");
        string oid = await UnchangedClient.SeedAsync(store);
        using ReplyServerProcess server = await ReplyServerProcess.StartAsync(oid, delay, tls ? folder["server.pem"] : null);
        await ClientAsync(server, repositories, store, "new");
        double ours = await MeasureAsync(table, name, server, repositories, store);
        await RivalsAsync(table, name, server, delay > 0 ? Connections : 2, ours);
    }

    private static async Task<double> MeasureAsync(ResultTable table, string name, ReplyServerProcess server, int repositories, string store)
    {
        double[] figures = await ClientAsync(server, repositories, store, "unchanged");
        double cpu = figures[1] / repositories * 1e6;
        table.Add(name, "actors", Figure(Connections), Figure(repositories / figures[0]), cpu.ToString("F1", CultureInfo.InvariantCulture), "1",
            $"{figures[2] / repositories:F0} B", $"{figures[5] / (1 << 20):F0} MiB");
        return cpu;
    }

    private static async Task RivalsAsync(ResultTable table, string name, ReplyServerProcess server, int connections, double ours)
    {
        string trust = server.Certificate is null ? "" : "-c http.sslVerify=false ";
        string urls = $"seq 1 {GitSample} | sed 's|.*|{server.Address}/owner/repository-&.git|'";
        ProcessFigures git = await MeasuredProcess.RunAsync("sh", "-c", $"{urls} | xargs -P {connections} -n 1 git {trust}ls-remote -q");
        Add("git ls-remote", GitSample, git.WallSeconds, git.CpuSeconds, $"{git.ResidentBytesMax / (1 << 20)} MiB each");
        if (server.Certificate is null && LibGit2Client.IsHere)
        {
            int sample = connections > 2 ? LibGit2Sample / 4 : LibGit2Sample;
            string[] figures = await OwnProcess.RunAsync(["libgit2-client", server.Address, Figure(sample), Figure(connections)], null);
            Add("libgit2", sample, Number(figures[0]), Number(figures[1]), "");
        }

        void Add(string client, int sample, double wall, double cpu, string resident)
        {
            double each = cpu / sample * 1e6;
            table.Add(name, client, Figure(connections), Figure(sample / wall), each.ToString("F1", CultureInfo.InvariantCulture), $"{each / ours:F1}", "", resident);
        }
    }

    internal static async Task<double[]> ClientAsync(ReplyServerProcess server, long repositories, string store, string outcome)
    {
        string[] figures = await OwnProcess.RunAsync(
            ["unchanged-client", server.Address, Figure(repositories), Figure(Connections), store, outcome], server.Certificate);
        return [.. figures.Select(Number)];
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string Figure(double value) => value.ToString("F0", CultureInfo.InvariantCulture);
}
