using System.Diagnostics;
using System.Globalization;

namespace Actors.Benchmarks.Unchanged;

/// <summary>A <see cref="ReplyServer"/> in another process.</summary>
internal sealed class ReplyServerProcess : IDisposable
{
    private readonly Process _process;

    private ReplyServerProcess(Process process, string address, string? certificate) => (_process, Address, Certificate) = (process, address, certificate);

    public string Address { get; }

    /// <summary>File with the certificate to be trusted, or null without TLS.</summary>
    public string? Certificate { get; }

    public static async Task<ReplyServerProcess> StartAsync(string oid, int delayMilliseconds, string? certificate)
    {
        string[] arguments = ["reply-server", oid, delayMilliseconds.ToString(CultureInfo.InvariantCulture), .. certificate is null ? Array.Empty<string>() : [certificate]];
        Process process = OwnProcess.Start(arguments, null, input: true);
        return new ReplyServerProcess(process, (await process.StandardOutput.ReadLineAsync())!, certificate);
    }

    /// <summary>CPU it has taken.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
