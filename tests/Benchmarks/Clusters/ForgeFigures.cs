using System.Globalization;
using Actors.Web.Forges;

namespace Actors.Benchmarks.Clusters;

/// <summary>What all forges of <see cref="ManyForges"/> together saw.</summary>
/// <param name="Requests">So far.</param>
/// <param name="AtOnceMax">The most at once, of the host that saw most.</param>
/// <param name="PerSecondMax">The most begun within one second, of the host that saw most.</param>
/// <param name="BytesSent">Of bodies.</param>
internal sealed record ForgeFigures(long Requests, int AtOnceMax, int PerSecondMax, long BytesSent)
{
    public static ForgeFigures Of(IReadOnlyList<LocalForge> forges) => new(
        forges.Sum(forge => forge.Requests), forges.Max(forge => forge.RequestsAtOnceMax), forges.Max(forge => forge.RequestsPerSecondMax), forges.Sum(forge => forge.BytesSent));

    public static ForgeFigures Parse(string line)
    {
        long[] numbers = [.. line.Split(' ').Select(word => long.Parse(word, CultureInfo.InvariantCulture))];
        return new ForgeFigures(numbers[0], (int)numbers[1], (int)numbers[2], numbers[3]);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Requests} {AtOnceMax} {PerSecondMax} {BytesSent}");
}
