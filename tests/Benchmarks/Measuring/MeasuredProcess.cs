using System.Diagnostics;
using System.Globalization;

namespace Actors.Benchmarks.Measuring;

/// <summary>Runs a command to its end under GNU time, so that whole processes compare: start-up and children included.</summary>
internal static class MeasuredProcess
{
    private const string Time = "/usr/bin/time";

    /// <summary>Runs it; its output is thrown away, its failure is ours.</summary>
    public static async Task<ProcessFigures> RunAsync(params string[] command)
    {
        if (!File.Exists(Time))
        {
            throw new InvalidOperationException($"Benchmarks of whole processes need {Time} (Debian: apt-get install time).");
        }

        string figures = Path.GetTempFileName();
        try
        {
            ProcessStartInfo start = new(Time, ["-o", figures, "-f", "%e %U %S %M", .. command]) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
            start.Environment["GIT_TERMINAL_PROMPT"] = "0";
            long before = Stopwatch.GetTimestamp();
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> error = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            double wall = Stopwatch.GetElapsedTime(before).TotalSeconds;
            await output;
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}: {await error}");
            }

            string[] fields = (await File.ReadAllLinesAsync(figures))[^1].Split(' ');
            return new ProcessFigures
            {
                WallSeconds = wall,
                CpuSeconds = double.Parse(fields[1], CultureInfo.InvariantCulture) + double.Parse(fields[2], CultureInfo.InvariantCulture),
                ResidentBytesMax = long.Parse(fields[3], CultureInfo.InvariantCulture) * 1024,
            };
        }
        finally
        {
            File.Delete(figures);
        }
    }

    /// <summary>Sum of the sizes of all files below a folder.</summary>
    public static long DiskBytes(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
}
