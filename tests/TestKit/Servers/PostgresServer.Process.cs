using System.Diagnostics;
using System.Globalization;

namespace Actors.TestKit.Servers;

public sealed partial class PostgresServer
{
    private const int LogLinesKept = 200;

    /// <summary>
    /// A shell between us and the server, which reads from us: a line is the signal that ends the server, and when we are gone,
    /// however that came, the read fails and the server and its folder go too. It closes its own error stream, so that ours ends with the server's.
    /// </summary>
    private const string Guard = """
        trap : INT HUP TERM
        folder=$1
        shift
        "$@" < /dev/null &
        server=$!
        exec 2> /dev/null
        read -r signal || gone=1
        kill -s "${signal:-QUIT}" "$server"
        wait "$server"
        if [ -n "$gone" ]; then rm -rf "$folder"; fi
        """;

    /// <summary>CPU time of all the server's processes so far, those that have ended included.</summary>
    public double CpuSeconds()
    {
        string main = File.ReadLines(Path.Combine(DataFolder, "postmaster.pid")).First().Trim();
        double ticks = Fields(main) is { } own ? Sum(own, 11, 15) : 0;
        foreach (string process in Directory.EnumerateDirectories("/proc").Select(path => Path.GetFileName(path)))
        {
            if (char.IsAsciiDigit(process[0]) && Fields(process) is { } fields && fields[1] == main)
            {
                ticks += Sum(fields, 11, 13);
            }
        }

        return ticks / 100;

        // After the name: state, parent, …; user and system time, the same of children that were waited for.
        static string[]? Fields(string process)
        {
            try
            {
                string stat = File.ReadAllText($"/proc/{process}/stat");
                return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            }
            catch (IOException)
            {
                return null;
            }
        }

        static double Sum(string[] fields, int from, int to) => fields[from..to].Sum(field => double.Parse(field, CultureInfo.InvariantCulture));
    }

    /// <summary>False when it ends before it accepts connections; its log says why.</summary>
    private async Task<bool> TryStartAsync()
    {
        Process shell = StartShell();
        TaskCompletionSource<bool> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task log = ReadLogAsync(shell.StandardError, ready);
        if (await ready.Task)
        {
            (_shell, _log) = (shell, log);
            return true;
        }

        await shell.StandardInput.WriteLineAsync("QUIT");
        await shell.StandardInput.FlushAsync();
        await shell.WaitForExitAsync();
        shell.Dispose();
        return false;
    }

    private Process StartShell()
    {
        string[] server = [Path.Combine(_binaries, "postgres"), "-D", DataFolder, "-p", Port.ToString(CultureInfo.InvariantCulture), .. _settings.SelectMany(s => new[] { "-c", s })];
        string[] command = AsUser("/bin/sh", ["-c", Guard, "sh", _folder, .. server]);
        return Process.Start(new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = "/", RedirectStandardInput = true, RedirectStandardError = true })!;
    }

    private async Task ReadLogAsync(StreamReader log, TaskCompletionSource<bool> ready)
    {
        while (await log.ReadLineAsync() is { } line)
        {
            Log.Enqueue(line);
            while (Log.Count > LogLinesKept)
            {
                Log.TryDequeue(out _);
            }

            if (line.Contains("database system is ready to accept connections", StringComparison.Ordinal))
            {
                ready.TrySetResult(true);
            }
        }

        ready.TrySetResult(false);
    }

    private Task RunAsUserAsync(string program, string[] arguments)
    {
        string[] command = AsUser(Path.Combine(_binaries, program), arguments);
        return RunAsync(command[0], command[1..]);
    }

    /// <summary>The server refuses to run as root.</summary>
    private static string[] AsUser(string program, string[] arguments) =>
        Environment.IsPrivilegedProcess ? ["runuser", "-u", User, "--", program, .. arguments] : [program, .. arguments];
}
