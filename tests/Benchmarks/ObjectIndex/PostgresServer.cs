using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Actors.Benchmarks.ObjectIndex;

/// <summary>A PostgreSQL server in a temporary folder, run as an unprivileged user when we are root.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "postgres";

    private readonly string _binaries;
    private readonly string _folder;

    private PostgresServer(string binaries, string folder, int port)
    {
        (_binaries, _folder) = (binaries, folder);
        ConnectionString = $"Host=127.0.0.1;Port={port};Username={User};Database=postgres;Timeout=30;Command Timeout=0;Pooling=false";
    }

    public string ConnectionString { get; }

    private string DataFolder => Path.Combine(_folder, "data");

    /// <summary>Makes a cluster and starts it.</summary>
    /// <exception cref="InvalidOperationException">There is no PostgreSQL here, or it does not start.</exception>
    public static async Task<PostgresServer> StartAsync()
    {
        string folder = Directory.CreateTempSubdirectory("actors-postgres-").FullName;
        var server = new PostgresServer(FindBinaries(), folder, FreePort());
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", [User, folder]);
        }

        await server.RunAsUserAsync("initdb", ["-D", server.DataFolder, "-U", User, "-A", "trust", "--no-sync", "--no-locale", "-E", "UTF8"]);
        string port = new Npgsql.NpgsqlConnectionStringBuilder(server.ConnectionString).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string settings = $"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c shared_buffers=2GB -c work_mem=256MB -c temp_buffers=256MB "
            + "-c maintenance_work_mem=1GB -c max_wal_size=16GB -c synchronous_commit=off -c autovacuum=off";
        await server.RunAsUserAsync("pg_ctl", ["-D", server.DataFolder, "-w", "-l", Path.Combine(folder, "log"), "-o", settings, "start"]);
        return server;
    }

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

        static double Sum(string[] fields, int from, int to) =>
            fields[from..to].Sum(field => double.Parse(field, System.Globalization.CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsUserAsync("pg_ctl", ["-D", DataFolder, "-m", "immediate", "-w", "stop"]);
        Directory.Delete(_folder, recursive: true);
    }

    private static string FindBinaries()
    {
        IEnumerable<string> folders = Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin"))
            : [];
        string path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return folders.Concat(path.Split(Path.PathSeparator)).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
            ?? throw new InvalidOperationException("This benchmark needs PostgreSQL's initdb and pg_ctl (Debian: apt-get install postgresql).");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Task RunAsUserAsync(string program, string[] arguments)
    {
        string path = Path.Combine(_binaries, program);
        return Environment.IsPrivilegedProcess ? RunAsync("runuser", ["-u", User, "--", path, .. arguments]) : RunAsync(path, arguments);
    }

    private static async Task RunAsync(string program, string[] arguments)
    {
        // No pipes: the server inherits them, and they would stay open as long as it runs.
        using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1", program, .. arguments]) { WorkingDirectory = "/" })!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }
}
