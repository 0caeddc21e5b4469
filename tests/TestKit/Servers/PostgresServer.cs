using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Actors.TestKit.Servers;

/// <summary>
/// A PostgreSQL server of our own: a fresh cluster in a temporary folder, on a free port of the loopback address and on a Unix
/// socket, run as an unprivileged user when we are root. It ends, and its folder goes, with this process even when that is killed.
/// </summary>
public sealed partial class PostgresServer : IAsyncDisposable
{
    private const string User = "postgres";
    private const int PortsTried = 10;

    private readonly string _binaries;
    private readonly string _folder;
    private readonly string[] _settings;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<string, int> _templates = [];
    private Process? _shell;
    private Task? _log;
    private int _databases;

    private PostgresServer(string binaries, string folder, string[] settings) => (_binaries, _folder, _settings) = (binaries, folder, settings);

    /// <summary>Where it listens, on 127.0.0.1. Stays the same over restarts.</summary>
    public int Port { get; private set; }

    /// <summary>To the database "postgres", as its owner; no password is asked for.</summary>
    public string ConnectionString => ConnectionStringTo("postgres");

    /// <summary>The folder of its Unix socket.</summary>
    public string SocketFolder => _folder;

    /// <summary>The last lines that the server wrote.</summary>
    public ConcurrentQueue<string> Log { get; } = new();

    private string DataFolder => Path.Combine(_folder, "data");

    /// <summary>Skips the calling test's work with a sentence when there is no PostgreSQL here.</summary>
    /// <param name="skip">What skips: <c>Assert.Skip</c>.</param>
    public static void Require(Action<string> skip)
    {
        if (FindBinaries() is null)
        {
            skip("PostgreSQL's server programs (initdb, postgres) are not installed: this test runs against a real server (Debian: apt-get install postgresql).");
        }
    }

    /// <summary>
    /// Makes a cluster and starts it. Settings (<c>name=value</c>) are added to those that spare the disk: without fsync,
    /// what a killed server wrote is still there, but a machine's power loss would damage it.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no PostgreSQL here, or it does not start.</exception>
    public static async Task<PostgresServer> StartAsync(params string[] settings)
    {
        string binaries = FindBinaries() ?? throw new InvalidOperationException("PostgreSQL's initdb and postgres are needed (Debian: apt-get install postgresql).");
        string folder = Directory.CreateTempSubdirectory("actors-postgres-").FullName;
        PostgresServer server = new(binaries, folder, ["fsync=off", "full_page_writes=off", "listen_addresses=127.0.0.1", $"unix_socket_directories={folder}", "max_connections=200", .. settings]);
        try
        {
            if (Environment.IsPrivilegedProcess)
            {
                await RunAsync("chown", [User, folder]);
            }

            await server.RunAsUserAsync("initdb", ["-D", server.DataFolder, "-U", User, "-A", "trust", "--no-sync", "--no-locale", "-E", "UTF8"]);
            for (int attempt = 1; ; attempt++)
            {
                server.Port = FreePort();
                if (await server.TryStartAsync())
                {
                    return server;
                }

                if (attempt == PortsTried)
                {
                    throw new InvalidOperationException($"PostgreSQL does not start: {string.Join(Environment.NewLine, server.Log)}");
                }
            }
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>An empty database of a new name, for one test.</summary>
    /// <returns>How to connect to it.</returns>
    public Task<string> CreateDatabaseAsync() => CreateDatabaseAsync("template0", _ => Task.CompletedTask);

    /// <summary>
    /// A new database for one test, copied from a template that is prepared once: a copy of files, where the same tables made
    /// again would cost a second.
    /// </summary>
    /// <param name="template">Name of the template; letters, digits and underscores.</param>
    /// <param name="prepare">Fills the template when it does not exist yet; given how to connect to it, it closes its connections.</param>
    /// <returns>How to connect to the new database.</returns>
    public async Task<string> CreateDatabaseAsync(string template, Func<string, Task> prepare)
    {
        ArgumentNullException.ThrowIfNull(prepare);
        // A template that someone is connected to cannot be copied: one at a time.
        await _gate.WaitAsync();
        try
        {
            if (template != "template0" && _templates.TryAdd(template, 0))
            {
                await ExecuteAsync($"CREATE DATABASE {template} TEMPLATE template0");
                await prepare(ConnectionStringTo(template));
            }

            string name = $"test_{++_databases}";
            await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template}");
            return ConnectionStringTo(name);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Stops the server: at once, as after a crash, or in order. Connections break.</summary>
    public async Task StopAsync(bool crash = false)
    {
        if (_shell is { } shell)
        {
            await shell.StandardInput.WriteLineAsync(crash ? "QUIT" : "INT");
            await shell.StandardInput.FlushAsync();
            await shell.WaitForExitAsync();
            await _log!;
            shell.Dispose();
            _shell = null;
        }
    }

    /// <summary>Starts a stopped server again, on the same port and files.</summary>
    public async Task RestartAsync()
    {
        if (!await TryStartAsync())
        {
            throw new InvalidOperationException($"PostgreSQL does not start again: {string.Join(Environment.NewLine, Log)}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(crash: true);
        Directory.Delete(_folder, recursive: true);
        _gate.Dispose();
    }

    private static string? FindBinaries()
    {
        IEnumerable<string> folders = Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin"))
            : [];
        string path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return folders.Concat(path.Split(Path.PathSeparator)).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task RunAsync(string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = "/", RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string complaint = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {complaint}");
        }
    }

    private string ConnectionStringTo(string database) =>
        $"Host=127.0.0.1;Port={Port.ToString(CultureInfo.InvariantCulture)};Username={User};Database={database};Timeout=30;Command Timeout=0";

    private async Task ExecuteAsync(string sql)
    {
        await using NpgsqlConnection connection = new(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
