using System.Globalization;
using Actors.Benchmarks.Measuring;
using Actors.Benchmarks.Unchanged;
using Actors.TestKit;

namespace Actors.Benchmarks.Probes;

/// <summary>The wire's share of an unchanged repository: probes alone, client and server in processes of their own; <c>git ls-remote</c> beside it.</summary>
internal static class ProbeBenchmark
{
    private const int Connections = 64;
    private const int GitSample = 200;

    /// <summary>Arguments: number of probes.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        int probes = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 200_000;
        ResultTable table = new(
            "Probes",
            $"`GitClient.ProbeAsync` of as many repositories, five refs each, nothing changed, {Connections} connections, warm. CPU is the client's alone. "
            + $"`git ls-remote` under `xargs -P 2`, one process a repository, {GitSample} repositories.",
            ["server", "client", "probes/s", "µs CPU a probe", "B allocated a probe"]);
        foreach (bool tls in new[] { false, true })
        {
            using TemporaryFolder folder = new();
            using ReplyServerProcess server = await ReplyServerProcess.StartAsync(new string('1', 40), 0, tls ? folder["server.pem"] : null);
            string name = tls ? "TLS, HTTP/1.1" : "plain, HTTP/1.1";
            string[] figures = await OwnProcess.RunAsync(["probe-client", server.Address, probes.ToString(CultureInfo.InvariantCulture), Connections.ToString(CultureInfo.InvariantCulture)], server.Certificate);
            table.Add([name, "actors", .. figures]);
            string urls = $"seq 1 {GitSample} | sed 's|.*|{server.Address}/owner/repository-&.git|'";
            ProcessFigures git = await MeasuredProcess.RunAsync("sh", "-c", $"{urls} | xargs -P 2 -n 1 git -c http.sslVerify=false ls-remote -q");
            table.Add(name, "git ls-remote", Text(GitSample / git.WallSeconds, "F0"), Text(git.CpuSeconds / GitSample * 1e6, "F0"), "");
        }

        await table.WriteAsync("probes.md");
        return 0;
    }

    internal static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
