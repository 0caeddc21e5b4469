namespace Actors.Benchmarks.Measuring;

/// <summary>What one run of a whole process cost, children that it waited for included.</summary>
internal sealed record ProcessFigures
{
    public double WallSeconds { get; init; }

    /// <summary>User and system time.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>Peak resident set of the largest single process, mapped files included.</summary>
    public long ResidentBytesMax { get; init; }

    /// <summary>Bytes of answers' bodies, where a server counted them.</summary>
    public long WireBytes { get; init; }

    /// <summary>Bytes left on disk, where that was looked at.</summary>
    public long DiskBytes { get; init; }

    /// <summary>The median of each figure by itself.</summary>
    public static ProcessFigures Median(IEnumerable<ProcessFigures> runs)
    {
        ProcessFigures[] all = [.. runs];
        return new ProcessFigures
        {
            WallSeconds = Middle(all, r => r.WallSeconds),
            CpuSeconds = Middle(all, r => r.CpuSeconds),
            ResidentBytesMax = (long)Middle(all, r => r.ResidentBytesMax),
            WireBytes = (long)Middle(all, r => r.WireBytes),
            DiskBytes = (long)Middle(all, r => r.DiskBytes),
        };
    }

    private static double Middle(ProcessFigures[] runs, Func<ProcessFigures, double> figure)
    {
        double[] sorted = [.. runs.Select(figure).Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
