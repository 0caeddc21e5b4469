using System.Diagnostics;
using System.Globalization;
using Actors.Git.Refs;
using Actors.Git.Remotes;

namespace Actors.Benchmarks.Probes;

/// <summary>Probes each repository of a server once to warm up, a quarter of them, then all, measured; prints rate, µs of CPU and bytes allocated.</summary>
internal static class ProbeClient
{
    /// <summary>Arguments: address, probes, connections.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        int probes = int.Parse(args[1], CultureInfo.InvariantCulture);
        int connections = int.Parse(args[2], CultureInfo.InvariantCulture);
        await using GitClient client = new(new GitClientOptions { ConnectionsPerHostMax = connections, UseProxy = false });
        RepositoryUrl[] urls = [.. Enumerable.Range(0, probes).Select(i => RepositoryUrl.Parse($"{args[0]}/owner/repository-{i}.git"))];
        ProbeReply first = await client.ProbeAsync(urls[0], RefSelection.Default, CancellationToken.None);
        if (first.Failure is not null)
        {
            throw new InvalidOperationException(first.Failure.ToString());
        }

        await ProbeAllAsync(client, urls.AsMemory(0, probes / 4), connections, first.Digest);
        using Process self = Process.GetCurrentProcess();
        TimeSpan cpu = self.TotalProcessorTime;
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        long start = Stopwatch.GetTimestamp();
        await ProbeAllAsync(client, urls, connections, first.Digest);
        TimeSpan wall = Stopwatch.GetElapsedTime(start);
        self.Refresh();
        double spent = (self.TotalProcessorTime - cpu).TotalMicroseconds / probes;
        double bytes = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)probes;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{probes / wall.TotalSeconds:F0} {spent:F1} {bytes:F0}"));
        return 0;
    }

    private static Task ProbeAllAsync(GitClient client, ReadOnlyMemory<RepositoryUrl> urls, int connections, AdvertisementDigest known)
    {
        int next = -1;
        return Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            int i;
            while ((i = Interlocked.Increment(ref next)) < urls.Length)
            {
                ProbeReply reply = await client.ProbeAsync(urls.Span[i], RefSelection.Default, known, CancellationToken.None);
                if (reply.Digest != known)
                {
                    throw new InvalidOperationException(reply.Failure?.ToString() ?? "The server's answer changed.");
                }
            }
        }));
    }
}
