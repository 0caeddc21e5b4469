using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Actors.TestKit.Servers;
using Actors.Web.Forges;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Benchmarks.Clusters;

/// <summary>
/// Many forge hosts in one process, each a port with latency. Of their repositories some are real, each with a commit, a tree and
/// a blob of its own, fetched by <c>git upload-pack</c>; all others show the first commit of all, so that they cost a probe and new
/// heads. Ends with its standard input; a line there asks for the figures (<see cref="ForgeFigures"/>).
/// </summary>
internal static class ManyForges
{
    /// <summary>The commit of all repositories that are not real: of the first real one.</summary>
    public const string First = "0";

    /// <summary>Arguments: hosts, milliseconds before each answer, repositories, real ones of them, a folder.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        int hosts = int.Parse(args[0], CultureInfo.InvariantCulture);
        TimeSpan latency = TimeSpan.FromMilliseconds(int.Parse(args[1], CultureInfo.InvariantCulture));
        int repositories = int.Parse(args[2], CultureInfo.InvariantCulture);
        int real = int.Parse(args[3], CultureInfo.InvariantCulture);
        string folder = args[4];
        Dictionary<string, CannedAnswer> tips = [];
        for (int number = 0; number < real; number++)
        {
            string name = number.ToString(CultureInfo.InvariantCulture);
            tips[name] = LsRefs(MakeRepository(Path.Combine(folder, "real", name + ".git"), name));
        }

        string alike = Directory.CreateDirectory(Path.Combine(folder, "alike")).FullName;
        for (int number = 0; number < repositories; number++)
        {
            if (RealOf(number, hosts, repositories, real) is not null)
            {
                continue;
            }

            _ = File.CreateSymbolicLink(Path.Combine(alike, string.Create(CultureInfo.InvariantCulture, $"{number}.git")), Path.Combine(folder, "real", First + ".git"));
        }

        LocalForge[] forges = new LocalForge[hosts];
        ForgePeaks[] probes = new ForgePeaks[hosts];
        for (int host = 0; host < hosts; host++)
        {
            ForgePeaks begun = probes[host] = new ForgePeaks(TimeProvider.System);
            ForgeBehaviour behaviour = new() { Latency = latency, Answer = request => Answer(request, tips, begun) };
            forges[host] = await LocalForge.StartAsync(new LocalForgeOptions { Folder = folder, Behaviour = behaviour });
        }

        Console.WriteLine(string.Join(' ', forges.Select(forge => forge.Address.Port)));
        while (await Console.In.ReadLineAsync() is not null)
        {
            Console.WriteLine(ForgeFigures.Of(forges, probes));
        }

        return 0;
    }

    /// <summary>The line of the list for a number: the first is real, and the others lie evenly over the list and its hosts.</summary>
    public static string UrlOf(int[] ports, int number, int repositories, int real)
    {
        int? its = RealOf(number, ports.Length, repositories, real);
        return string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ports[number % ports.Length]}/{(its is null ? "alike" : "real")}/{its ?? number}.git");
    }

    /// <summary>Which real repository has this place in the list.</summary>
    private static int? RealOf(int number, int hosts, int repositories, int real)
    {
        (int rows, int realRows) = (Math.Max(1, repositories / hosts), Math.Max(1, real / hosts));
        (int row, int host) = (number / hosts, number % hosts);
        int every = Math.Max(1, rows / realRows);
        int its = (row / every * hosts) + host;
        return row % every == 0 && its < real ? its : null;
    }

    /// <summary>What git does not have to answer: ls-refs of every repository.</summary>
    private static CannedAnswer? Answer(ForgeRequest request, Dictionary<string, CannedAnswer> tips, ForgePeaks begun)
    {
        if (request.Endpoint != "git-upload-pack" || request.Body.Span.IndexOf("command=ls-refs"u8) < 0)
        {
            return null;
        }

        begun.Begin();
        begun.End();
        string[] path = request.Repository.Split('/');
        return tips[path[0] == "real" ? path[1].Replace(".git", "", StringComparison.Ordinal) : First];
    }

    private static CannedAnswer LsRefs(Oid commit) => new(200, Pkt.Join(Pkt.Line($"{commit} HEAD symref-target:refs/heads/main\n"), Pkt.Line($"{commit} refs/heads/main\n"), Pkt.Flush))
    {
        Headers = new Dictionary<string, string> { ["Content-Type"] = "application/x-git-upload-pack-result" },
    };

    /// <summary>A bare repository of three loose objects (gitrepository-layout).</summary>
    private static Oid MakeRepository(string folder, string name)
    {
        Directory.CreateDirectory(Path.Combine(folder, "refs", "heads"));
        Oid blob = Write(folder, "blob", Encoding.ASCII.GetBytes($"content of {name}\n"));
        byte[] id = new byte[Oid.Length];
        blob.CopyTo(id);
        Oid tree = Write(folder, "tree", [.. "100644 file\0"u8, .. id]);
        Oid commit = Write(folder, "commit", Encoding.ASCII.GetBytes(
            $"tree {tree}\nauthor A <a@example.org> 1700000000 +0000\ncommitter A <a@example.org> 1700000000 +0000\n\nRepository {name}\n"));
        File.WriteAllText(Path.Combine(folder, "HEAD"), "ref: refs/heads/main\n");
        File.WriteAllText(Path.Combine(folder, "config"), "[core]\n\trepositoryformatversion = 0\n\tbare = true\n");
        File.WriteAllText(Path.Combine(folder, "refs", "heads", "main"), commit + "\n");
        return commit;
    }

    private static Oid Write(string folder, string type, byte[] content)
    {
        byte[] whole = [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{type} {content.Length}\0")), .. content];
        string oid = Convert.ToHexStringLower(SHA1.HashData(whole));
        string path = Path.Combine(folder, "objects", oid[..2], oid[2..]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using FileStream file = File.Create(path);
        using ZLibStream zlib = new(file, CompressionLevel.Fastest);
        zlib.Write(whole);
        return Oid.Parse(oid);
    }
}
