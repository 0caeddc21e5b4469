using System.Globalization;
using Actors.Web.Forges;

namespace Actors.Benchmarks.Clusters;

/// <summary>What all forges of <see cref="ManyForges"/> together saw.</summary>
/// <param name="Requests">So far.</param>
/// <param name="AtOnceMax">The most at once, of the host that saw most.</param>
/// <param name="BegunMax">The most syncs begun within one second, of the host that saw most: what a rate permits. A sync that fetches has two requests more.</param>
/// <param name="BytesSent">Of bodies.</param>
internal sealed record ForgeFigures(long Requests, int AtOnceMax, int BegunMax, long BytesSent)
{
    public static ForgeFigures Of(IReadOnlyList<LocalForge> forges, IEnumerable<ForgePeaks> probes) => new(
        forges.Sum(forge => forge.Requests), forges.Max(forge => forge.RequestsAtOnceMax), probes.Max(host => host.PerSecond), forges.Sum(forge => forge.BytesSent));

    public static ForgeFigures Parse(string line)
    {
        long[] numbers = [.. line.Split(' ').Select(word => long.Parse(word, CultureInfo.InvariantCulture))];
        return new ForgeFigures(numbers[0], (int)numbers[1], (int)numbers[2], numbers[3]);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Requests} {AtOnceMax} {BegunMax} {BytesSent}");
}
