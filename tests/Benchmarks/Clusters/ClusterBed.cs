using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Actors.Benchmarks.Unchanged;
using Actors.TestKit;
using Actors.TestKit.Servers;
using Npgsql;

namespace Actors.Benchmarks.Clusters;

/// <summary>A PostgreSQL server, a place for packs, simulated forge hosts and real silos, all on this machine.</summary>
internal sealed class ClusterBed : IAsyncDisposable
{
    /// <summary>A cluster of sixty starts within minutes on two cores.</summary>
    private static readonly TimeSpan StartMax = TimeSpan.FromMinutes(10);

    private const int StartedAtOnce = 6;

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(5) };
    private readonly List<SiloProcess> _silos = [];
    private readonly Process _forges;
    private readonly PostgresServer _postgres;
    private int _started;
    private int _port = 20_000;

    private ClusterBed(PostgresServer postgres, Process forges) => (_postgres, _forges) = (postgres, forges);

    /// <summary>Of the forge hosts.</summary>
    public int[] Ports { get; private set; } = [];

    /// <summary>Environment of every silo; a bed's user adds to it before the first one.</summary>
    public Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<SiloProcess> Silos => _silos;

    public string DatabaseFolder { get; private set; } = "";

    public string Connection => Settings["ACTORS_HEADS"];

    /// <summary>Below the bed's folder.</summary>
    public string PathOf(string name) => _folder[name];

    /// <param name="hosts">Simulated forge hosts.</param>
    /// <param name="latency">Milliseconds before each of their answers.</param>
    /// <param name="repositories">Repositories in all.</param>
    /// <param name="real">Those that are fetched.</param>
    /// <param name="postgres">Settings of PostgreSQL.</param>
    public static async Task<ClusterBed> MakeAsync(int hosts, int latency, int repositories, int real, params string[] postgres)
    {
        TemporaryFolder forges = new();
        PostgresServer server = await PostgresServer.StartAsync(postgres);
        Process process = OwnProcess.Start(["many-forges", $"{hosts}", $"{latency}", $"{repositories}", $"{real}", forges.FullPath], null, input: true);
        if (Environment.IsPrivilegedProcess)
        {
            // What the hosts see is to be the silos' doing, not that the hosts stood still.
            process.PriorityClass = ProcessPriorityClass.High;
        }

        ClusterBed bed = new(server, process) { Ports = [.. (await process.StandardOutput.ReadLineAsync())!.Split(' ').Select(int.Parse)] };
        await using (NpgsqlConnection connection = new(server.ConnectionString))
        {
            await connection.OpenAsync();
            await using NpgsqlCommand command = new("SHOW data_directory", connection);
            bed.DatabaseFolder = (string)(await command.ExecuteScalarAsync())!;
        }

        // Where sixty processes share two cores, connecting may take longer than Npgsql waits by itself (15 s), and a silo that begins would end.
        bed.Settings["ACTORS_HEADS"] = server.ConnectionString + ";Maximum Pool Size=8;Timeout=60";
        bed.Settings["ACTORS_PACKS"] = Directory.CreateDirectory(bed.PathOf("packs")).FullName;
        bed.Settings["ACTORS_CACHE"] = Directory.CreateDirectory(bed.PathOf("cache")).FullName;
        bed.Settings["ACTORS_ALLOW_PRIVATE"] = "true";
        bed.Settings["ACTORS_LOG"] = "Warning";
        return bed;
    }

    /// <summary>Packs go to an S3 service of this machine.</summary>
    public async Task UseS3Async()
    {
        S3Server s3 = await S3Server.SharedAsync(why => throw new InvalidOperationException(why));
        Settings["ACTORS_PACKS"] = $"s3://{await s3.MakeBucketAsync()}/packs";
        Settings["AWS_ENDPOINT_URL"] = s3.Endpoint.ToString();
        Settings["AWS_REGION"] = S3Server.Region;
        Settings["AWS_ACCESS_KEY_ID"] = s3.AccessKey;
        Settings["AWS_SECRET_ACCESS_KEY"] = s3.SecretKey;
    }

    /// <summary>Throws when <c>actors fsck</c> finds anything wrong.</summary>
    public Task CheckStoreAsync() => RunActorsAsync(isStore: true, "fsck");

    /// <summary>Runs <c>actors</c> to its end; throws when it does not end well.</summary>
    /// <param name="isStore">It gets the bed's store to work on; else none.</param>
    /// <param name="arguments">Command and arguments.</param>
    public async Task RunActorsAsync(bool isStore, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "actors.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in Settings.Where(setting => isStore && (setting.Key is "ACTORS_HEADS" or "ACTORS_PACKS" or "ACTORS_CACHE" || setting.Key.StartsWith("AWS", StringComparison.Ordinal))))
        {
            start.Environment[name] = value;
        }

        using Process actors = Process.Start(start)!;
        Task<string> error = actors.StandardError.ReadToEndAsync();
        string output = await actors.StandardOutput.ReadToEndAsync();
        await actors.WaitForExitAsync();
        if (actors.ExitCode != 0)
        {
            throw new InvalidOperationException($"actors {string.Join(' ', arguments)} ended with {actors.ExitCode}: {output}{await error}");
        }
    }

    /// <summary>
    /// Throws when a silo ended that neither was killed nor declared dead by the others: those end themselves, as Orleans wants, and where each core has
    /// thirty silos one may stand still for longer than the others wait.
    /// </summary>
    /// <returns>Silos that were declared dead.</returns>
    public int CheckSilos()
    {
        SiloProcess[] ended = [.. _silos.Where(silo => !silo.IsAlive && !silo.IsKilled)];
        foreach (SiloProcess silo in ended.Where(silo => !File.ReadLines(silo.Log).Any(line => line.Contains("I have been told I am dead", StringComparison.Ordinal))))
        {
            throw new InvalidOperationException($"A silo ended by itself: {string.Join('\n', File.ReadLines(silo.Log).TakeLast(40))}");
        }

        return ended.Length;
    }

    /// <summary>Makes the schema.</summary>
    public Task MigrateAsync() => SiloProcess.RunAsync(PathOf("migrate.log"), Settings, "migrate");

    /// <summary>Starts silos, some at a time, and waits until each is ready: sixty that begin at once on two cores keep each other from it for longer.</summary>
    public async Task StartAsync(int silos)
    {
        foreach (int[] some in Enumerable.Range(0, silos).Chunk(StartedAtOnce))
        {
            SiloProcess[] added = [.. some.Select(_ => Start())];
            await Task.WhenAll(added.Select(AwaitReadyAsync));
        }
    }

    /// <summary>Starts a silo, and does not wait.</summary>
    public SiloProcess Start()
    {
        int number = _started++;
        (int silo, int api) = (FreePort(), FreePort());
        SiloProcess process = SiloProcess.Start(PathOf(string.Create(CultureInfo.InvariantCulture, $"silo-{number}.log")), silo, api, Settings);
        _silos.Add(process);
        return process;
    }

    /// <summary>Works a list whose repositories must all have one outcome.</summary>
    public async Task CompleteAsync(IReadOnlyCollection<string> urls, string outcome)
    {
        string campaign = await SubmitAsync(urls);
        await WaitAsync(campaign);
        await CheckReportAsync(campaign, urls, outcome);
    }

    /// <summary>Throws unless the report has each repository once, with that outcome.</summary>
    public async Task CheckReportAsync(string campaign, IReadOnlyCollection<string> urls, string outcome)
    {
        List<(string Url, string Outcome)> report = await ReadReportAsync(campaign);
        if (report.Count != urls.Count || !report.Select(line => line.Url).ToHashSet().SetEquals(urls) || report.Any(line => line.Outcome != outcome))
        {
            string outcomes = string.Join(", ", report.CountBy(line => line.Outcome).Select(one => $"{one.Value} {one.Key}"));
            throw new InvalidOperationException($"Campaign {campaign}: {urls.Count} repositories should be {outcome}; {outcomes}.");
        }
    }

    /// <summary>Submits a list; the campaign's number.</summary>
    public async Task<string> SubmitAsync(IEnumerable<string> urls)
    {
        using ByteArrayContent body = new(Encoding.ASCII.GetBytes(string.Join('\n', urls)));
        body.Headers.ContentType = new("text/plain");
        using HttpResponseMessage answer = await _http.PostAsync(new Uri(Alive().Api, "campaigns"), body);
        string text = await answer.Content.ReadAsStringAsync();
        using JsonDocument campaign = answer.IsSuccessStatusCode ? JsonDocument.Parse(text) : throw new InvalidOperationException(text);
        return campaign.RootElement.GetProperty("id").ToString();
    }

    /// <summary>Waits for a campaign's end, asking any silo that lives; what is to happen meanwhile is called with what is done so far.</summary>
    public async Task WaitAsync(string campaign, Func<long, Task>? meanwhile = null)
    {
        while (true)
        {
            try
            {
                using JsonDocument view = JsonDocument.Parse(await _http.GetStringAsync(new Uri(Alive().Api, "campaigns/" + campaign)));
                if (view.RootElement.GetProperty("phase").GetString() == "done")
                {
                    return;
                }

                if (meanwhile is not null)
                {
                    await meanwhile(view.RootElement.GetProperty("progress").GetProperty("outcomes").EnumerateObject().Sum(outcome => outcome.Value.GetInt64()));
                }
            }
            catch (HttpRequestException)
            {
                // Killed since it was chosen, or not up yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    }

    /// <summary>The outcomes of a campaign's report, by URL, in its order.</summary>
    public async Task<List<(string Url, string Outcome)>> ReadReportAsync(string campaign)
    {
        List<(string, string)> lines = [];
        using Stream report = await _http.GetStreamAsync(new Uri(Alive().Api, $"campaigns/{campaign}/report"));
        using StreamReader reader = new(report);
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.Length == 0)
            {
                // A heartbeat.
                continue;
            }

            using JsonDocument one = JsonDocument.Parse(line);
            JsonElement sync = one.RootElement.TryGetProperty("sync", out JsonElement inner) ? inner : one.RootElement;
            lines.Add((sync.GetProperty("url").GetString()!, sync.GetProperty("outcome").GetString()!));
        }

        return lines;
    }

    public async Task<ForgeFigures> ReadForgesAsync()
    {
        await _forges.StandardInput.WriteLineAsync();
        await _forges.StandardInput.FlushAsync();
        return ForgeFigures.Parse((await _forges.StandardOutput.ReadLineAsync())!);
    }

    /// <summary>Of the silos that live.</summary>
    public ProcessUse UseOfSilos() => _silos.Where(silo => silo.IsAlive).Aggregate(default(ProcessUse), (sum, silo) => sum + silo.Use);

    public async ValueTask DisposeAsync()
    {
        _silos.ForEach(silo => silo.Dispose());
        _forges.Kill();
        _forges.Dispose();
        _http.Dispose();
        await _postgres.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Below those that the system gives to connections: one of them may be taken between this and the silo's start.</summary>
    private int FreePort()
    {
        while (true)
        {
            try
            {
                using System.Net.Sockets.TcpListener listener = new(IPAddress.Loopback, ++_port);
                listener.Start();
                return _port;
            }
            catch (System.Net.Sockets.SocketException)
            {
                // Taken.
            }
        }
    }

    private SiloProcess Alive() => _silos.First(silo => silo.IsAlive);

    private async Task AwaitReadyAsync(SiloProcess silo)
    {
        long began = Stopwatch.GetTimestamp();
        Uri ready = new(silo.Api, "/health/ready");
        while (Stopwatch.GetElapsedTime(began) < StartMax)
        {
            try
            {
                using HttpResponseMessage answer = await _http.GetAsync(ready);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException) when (silo.IsAlive)
            {
                // Not listening yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }

        throw new InvalidOperationException($"A silo was not ready within {StartMax.TotalMinutes} minutes.");
    }
}
