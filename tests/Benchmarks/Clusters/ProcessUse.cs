using System.Globalization;

namespace Actors.Benchmarks.Clusters;

/// <summary>What processes have used (proc(5)).</summary>
/// <param name="CpuSeconds">User and system, of processes that live.</param>
/// <param name="ResidentBytes">Now.</param>
internal readonly record struct ProcessUse(double CpuSeconds, long ResidentBytes)
{
    /// <summary>USER_HZ is 100 on every Linux that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    public static ProcessUse operator +(ProcessUse one, ProcessUse other) => new(one.CpuSeconds + other.CpuSeconds, one.ResidentBytes + other.ResidentBytes);

    public static ProcessUse Of(int process)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{process}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return new ProcessUse((Number(fields[11]) + Number(fields[12])) / TicksPerSecond, Number(fields[21]) * Environment.SystemPageSize);
        }
        catch (IOException)
        {
            // It has ended.
            return default;
        }
    }

    /// <summary>Of all processes that work in a folder: a database server and its backends, which share memory, so their sizes say little.</summary>
    public static ProcessUse In(string folder) => Directory.GetDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), out int process) ? process : 0)
        .Where(process => process != 0 && WorksIn(process, folder))
        .Aggregate(default(ProcessUse), (sum, process) => sum + Of(process));

    private static bool WorksIn(int process, string folder)
    {
        try
        {
            return new FileInfo($"/proc/{process}/cwd").LinkTarget == folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static long Number(string field) => long.Parse(field, CultureInfo.InvariantCulture);
}
