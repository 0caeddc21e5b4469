using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Actors.Benchmarks.Measuring;
using Actors.TestKit.Servers;

namespace Actors.Benchmarks.Unchanged;

/// <summary>Packages that have nothing new: one request each, and what that costs.</summary>
internal static class UnchangedPackagesBenchmark
{
    public const string Usage = "unchanged-packages [PACKAGES]: a load in which nothing has changed, by the length of the registry's answer";

    private const int Rounds = 3;

    public static async Task<int> RunAsync(string[] args)
    {
        int packages = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 4000;
        ResultTable table = new(
            "Unchanged packages",
            "Packages of a registry in PyPI's form whose answers are as they were. A first `actors load` stores them; then loads of all and of a tenth are measured, each in a process of its own: list read, "
            + "state looked up, registry asked, answer's digest compared, visit recorded in SQLite and durable. CPU is the client's alone, the difference between the two divided by the packages "
            + "that make it; medians of three runs: from a registry that sends the answer each time, and from one that names it (`ETag`) and then says that it is what it was. The rival is "
            + "`curl` of the same addresses in one process, which stores and compares nothing.",
            ["answer", "releases listed", "requests a package", "µs CPU a package", "named: µs CPU", "curl: µs CPU"]);
        foreach (int releases in (int[])[20, 200, 2000])
        {
            await MeasureAsync(table, releases > 200 ? packages / 10 : packages, releases);
        }

        await table.WriteAsync("unchanged-packages.md");
        return 0;
    }

    private static async Task MeasureAsync(ResultTable table, int packages, int releases)
    {
        string folder = Directory.CreateTempSubdirectory("actors-packages-").FullName;
        byte[] packed = Pack(), archive = HttpAnswer.Of(packed);
        byte[] answer = [], same = HttpAnswer.Head(304);
        bool names = false;
        await using CannedServer server = new(request => request.Target.EndsWith(".tar.gz"u8) ? archive
            : Volatile.Read(ref names) && request.Head.IndexOf("\r\nIf-None-Match: "u8) > 0 ? same : answer);
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(Listing(server.Address, releases, packed.Length, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(packed))));
        answer = HttpAnswer.Of(body, headers: "ETag: \"1\"");
        try
        {
            string[] lists = [.. ((int[])[packages / 10, packages]).Select(count => Path.Combine(folder, $"list{count}"))];
            foreach (string list in lists)
            {
                await File.WriteAllLinesAsync(list, Enumerable.Range(0, int.Parse(list[(folder.Length + 5)..], CultureInfo.InvariantCulture)).Select(i => $"pypi:p{i}"));
            }

            await LoadAsync(server, folder, lists[1]);
            List<double> cpu = [], named = [], curl = [];
            long asked = server.Requests;
            for (int round = 0; round < 2 * Rounds; round++)
            {
                Volatile.Write(ref names, round >= Rounds);
                ProcessFigures few = await LoadAsync(server, folder, lists[0]), all = await LoadAsync(server, folder, lists[1]);
                (round < Rounds ? cpu : named).Add((all.CpuSeconds - few.CpuSeconds) / (packages - (packages / 10)));
            }

            double requests = (server.Requests - asked) / (2.0 * Rounds) / (packages + (packages / 10));
            for (int round = 0; round < Rounds; round++)
            {
                ProcessFigures rival = await MeasuredProcess.RunAsync("curl", "-s", "-o", "/dev/null", $"{server.Address}pypi/p[0-{packages - 1}]/json");
                curl.Add(rival.CpuSeconds / packages);
            }

            table.Add(
                Of($"{body.Length / 1e3:F0} kB"), Of($"{releases}"), Of($"{requests:F2}"), Of($"{Median(cpu) * 1e6:F0}"), Of($"{Median(named) * 1e6:F0}"), Of($"{Median(curl) * 1e6:F0}"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<ProcessFigures> LoadAsync(CannedServer server, string folder, string list) => MeasuredProcess.RunAsync(
        "dotnet", Path.Combine(AppContext.BaseDirectory, "actors.dll"), "load", list, "--store", Path.Combine(folder, "store"), "--registry", server.Address.ToString(), "--quiet");

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Of(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>One release has sources, the others only wheels, as most of a busy project's files are.</summary>
    private static object Listing(Uri server, int releases, int archiveBytes, string sha256) => new
    {
        info = new { name = "p", version = "0" },
        releases = Enumerable.Range(0, releases).ToDictionary(
            i => i.ToString(CultureInfo.InvariantCulture),
            i => new[]
            {
                new
                {
                    comment_text = "",
                    digests = new { blake2b_256 = new string('0', 64), md5 = new string('0', 32), sha256 = i == 0 ? sha256 : new string('0', 64) },
                    downloads = -1,
                    filename = i == 0 ? "p-0.tar.gz" : $"p-{i}-py3-none-any.whl",
                    packagetype = i == 0 ? "sdist" : "bdist_wheel",
                    python_version = "source",
                    requires_python = ">=3.8",
                    size = i == 0 ? archiveBytes : i,
                    upload_time = "2020-01-01T00:00:00",
                    upload_time_iso_8601 = "2020-01-01T00:00:00.000000Z",
                    url = new Uri(server, $"packages/{i}/p-{i}.tar.gz"),
                    yanked = false,
                },
            }),
    };

    private static byte[] Pack()
    {
        MemoryStream bytes = new();
        using (GZipStream gzip = new(bytes, CompressionLevel.Fastest, leaveOpen: true))
        using (TarWriter tar = new(gzip, TarEntryFormat.Pax))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "p-0/PKG-INFO") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes("Metadata-Version: 1.0\nVersion: 0\n")) });
        }

        return bytes.ToArray();
    }
}
