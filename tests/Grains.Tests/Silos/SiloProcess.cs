using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Actors.Silo;
using Actors.Silo.Settings;
using Actors.TestKit;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Grains.Tests.Silos;

/// <summary><c>silo run</c>, as it was built beside these tests, in a process of its own.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private readonly StringBuilder _said = new();
    private readonly Process _process;
    private readonly TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SiloProcess(Process process, int port, IPEndPoint api)
    {
        (_process, Port, Api) = (process, port, api);
        process.OutputDataReceived += (_, e) => Hear(e.Data);
        process.ErrorDataReceived += (_, e) => Hear(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Between silos.</summary>
    public int Port { get; }

    public IPEndPoint Api { get; }

    public HttpClient Client { get; } = new();

    /// <summary>All that it wrote so far.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    /// <summary>A store for silos: a database whose schema <c>silo migrate</c> has made, and folders.</summary>
    public static async Task<(string Heads, string Packs, string Cache)> MigrateAsync(SharedPostgres postgres, TemporaryFolder folder)
    {
        PostgresServer server = await postgres.StartAsync(Assert.Skip);
        (string, string, string) store = (await server.CreateDatabaseAsync() + TestCluster.FewConnections, folder.Make("packs"), folder.Make("cache"));
        SiloSettings settings = SiloSettings.Read(["--heads", store.Item1, "--packs", store.Item2], _ => null);
        await MigrateCommand.RunAsync(settings, TextWriter.Null, TimeProvider.System, CancellationToken.None);
        return store;
    }

    /// <summary>Starts it, and waits until it is up.</summary>
    /// <param name="store">Where heads and packs are.</param>
    /// <param name="settings">Further settings.</param>
    public static async Task<SiloProcess> StartAsync((string Heads, string Packs, string Cache) store, params string[] settings)
    {
        int port = FreePort();
        IPEndPoint api = new(IPAddress.Loopback, FreePort());
        ProcessStartInfo start = new(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "silo.dll"), "run", "--heads", store.Heads, "--packs", store.Packs, "--cache", store.Cache,
                "--silo-port", port.ToString(CultureInfo.InvariantCulture), "--api", api.ToString(), "--allow-private", "true", .. settings,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        SiloProcess silo = new(Process.Start(start)!, port, api);
        silo.Client.BaseAddress = new Uri($"{(settings.Contains("--certificate") ? "https" : "http")}://{api}");
        await silo._up.Task;
        return silo;
    }

    /// <summary>A port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async Task<JsonElement> GetAsync(string path) => JsonDocument.Parse(await Client.GetStringAsync(new Uri(path, UriKind.Relative))).RootElement;

    /// <summary>Kill −9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Sends SIGTERM, and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        using Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Hear(string? line)
    {
        lock (_said)
        {
            _said.AppendLine(line);
        }

        if (line is null)
        {
            _up.TrySetException(new InvalidOperationException("The silo ended: " + Said));
        }
        else if (line.StartsWith("Silo ", StringComparison.Ordinal) && line.Contains(" is up at ", StringComparison.Ordinal))
        {
            _up.TrySetResult();
        }
    }
}
