using System.Globalization;
using System.Net;

namespace Actors.Benchmarks.SharedIndexes;

/// <summary>Another process of the cluster: takes its ranges, answers, and says after each line of its input how many ranges it has and what it has cost.</summary>
internal static class SharedIndexPeer
{
    /// <summary>Arguments: connection string and folder.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        await using SharedIndexProcess process = await SharedIndexProcess.OpenAsync(args[0], args[1], holdsAll: false);
        await process.Index.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), "127.0.0.1", default);
        do
        {
            await process.Index.BeatAsync(default);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{process.Index.Held.Count} {Environment.CpuUsage.TotalTime.TotalSeconds}"));
        }
        while (await Console.In.ReadLineAsync() is not null);
        return 0;
    }
}
