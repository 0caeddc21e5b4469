using System.Diagnostics;
using System.Globalization;
using Actors.TestKit;

namespace Actors.Benchmarks.Clusters;

/// <summary>One real silo: <c>silo run</c> in a process of its own, its output in a file.</summary>
internal sealed class SiloProcess : IDisposable
{
    private readonly Process _process;

    private SiloProcess(Process process, string log, int apiPort) => (_process, Log, Api) = (process, log, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{apiPort}/api/v1/")));

    /// <summary>Its API, whether it answers yet or not.</summary>
    public Uri Api { get; }

    /// <summary>The file of its output.</summary>
    public string Log { get; }

    public bool IsKilled { get; private set; }

    public bool IsAlive => !_process.HasExited;

    public ProcessUse Use => ProcessUse.Of(_process.Id);

    /// <summary>The program as it is deployed, compiled beforehand.</summary>
    public static string Program =>
        Environment.GetEnvironmentVariable("ACTORS_SILO") is { } folder && Path.Combine(folder, "silo") is var path && File.Exists(path)
            ? path
            : throw new InvalidOperationException("Publish the silo with 'dotnet publish silo -c Release -r linux-x64 -o DIR' (it needs Orleans' packages) and name DIR in ACTORS_SILO.");

    public static SiloProcess Start(string log, int siloPort, int apiPort, IReadOnlyDictionary<string, string> environment, params string[] options)
    {
        Process process = Run(
            log, environment, ["run", "--silo-port", siloPort.ToString(CultureInfo.InvariantCulture), "--api", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{apiPort}"), .. options]);
        return new SiloProcess(process, log, apiPort);
    }

    /// <summary>Runs another command of the program to its end.</summary>
    public static async Task RunAsync(string log, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using Process process = Run(log, environment, arguments);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"silo {string.Join(' ', arguments)} ended with {process.ExitCode}: {await File.ReadAllTextAsync(log)}");
        }
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        IsKilled = true;
        _process.Kill();
    }

    public void Dispose()
    {
        if (IsAlive)
        {
            _process.Kill();
        }

        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>Through a shell, which leads the output into the file without a reader here.</summary>
    private static Process Run(string log, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        ProcessStartInfo start = new("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null", "sh", log, Program, .. arguments]);
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
