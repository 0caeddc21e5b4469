using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Actors.Store;
using Actors.Sync.ForgeHosts;
using Microsoft.Extensions.Logging;

namespace Actors.Silo.Settings;

/// <summary>What a silo was told, from the command line, the environment and a file; read once, each value checked where it is asked for.</summary>
internal sealed partial record SiloSettings
{
    private readonly IReadOnlyDictionary<string, string> _values;

    private SiloSettings(IReadOnlyDictionary<string, string> values) => _values = values;

    public string Cluster => Text("clusterName") ?? "actors";

    public string Name => Text("name") ?? string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{SiloPort}");

    public IPAddress Address => IPAddress.TryParse(Text("address") ?? "127.0.0.1", out IPAddress? address) ? address : throw Bad("address", "an IP address");

    public int SiloPort => Number("siloPort", 11111, 1, 65535);

    public bool IsAlone => (Text("clustering") ?? "postgres") switch { "postgres" => false, "alone" => true, _ => throw Bad("clustering", "postgres or alone") };

    public IPEndPoint? Api => Text("api") == "none" ? null : EndPoint("api") ?? new IPEndPoint(IPAddress.Loopback, 8080);

    public IPEndPoint? Metrics => EndPoint("metrics");

    public IPEndPoint? Orleans => EndPoint("orleans");

    public string? TokensFile => Text("tokens");

    public bool OpenToNetwork => Flag("openToNetwork", false);

    public IReadOnlyList<string> HostNames => Text("hostNames")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    public string? Certificate => Text("certificate");

    public string? SiloCertificate => Text("siloCertificate");

    public string? SiloAuthority => Text("siloAuthority");

    public bool AllowPrivate => Flag("allowPrivate", false);

    public bool Works => Flag("works", true);

    public int Visits => Number("visits", 256, 1, 100_000);

    /// <summary>Visits a day of the watch; null: this silo does not watch.</summary>
    public double? VisitsADay => Text(OfWatch("visitsADay")) is not { } text ? Watches ? 1 : null
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double visits) && visits is > 0.001 and <= 96 ? visits
        : throw Bad("visitsADay", "a number of visits a day, from 0.002 to 96");

    /// <summary>Where pushes are received, or null.</summary>
    public IPEndPoint? Webhooks => EndPoint(OfWatch("webhooks"));

    /// <summary>What pushes are signed with.</summary>
    public byte[] WebhookSecret => Text("webhookSecret") is { } file && File.ReadAllText(file).Trim() is { Length: >= 8 } secret ? Encoding.UTF8.GetBytes(secret)
        : throw new FormatException("--webhooks needs --webhook-secret with a secret of at least eight characters: without it everybody could tell of pushes.");

    public int Chunks => Number("chunks", 16, 1, 10_000);

    public int? MemoryMegabytes => Text("memory") is null ? null : Number("memory", 0, 64, 1 << 20);

    public TimeSpan Drain => TimeSpan.FromSeconds(Number("drain", 30, 0, 86_400));

    public LogLevel Log => Enum.TryParse(Text("log") ?? "Information", ignoreCase: true, out LogLevel level) && Enum.IsDefined(level) ? level : throw Bad("log", "a level");

    public HostLimits HostLimits => new(Number("hostConcurrency", HostLimits.Default.Concurrency, 1, 10_000), Rate());

    /// <summary>Where this silo's cache is, unless it is said.</summary>
    public static string DefaultCache => Path.Combine(Path.GetTempPath(), "actors-cache");

    /// <exception cref="FormatException">A setting that does not exist, or one that does not have its value.</exception>
    public static SiloSettings Read(ReadOnlySpan<string> arguments, Func<string, string?> environment)
    {
        Dictionary<string, string> typed = new(StringComparer.Ordinal);
        for (int place = 0; place < arguments.Length; place += 2)
        {
            string option = arguments[place];
            SiloSetting setting = All.FirstOrDefault(s => s.Option == option) ?? throw new FormatException($"There is no option {option}; silo --help lists them.");
            typed[setting.Name] = place + 1 < arguments.Length ? arguments[place + 1] : throw new FormatException($"{option} needs a value: {setting.Value}.");
        }

        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (SiloSetting setting in All)
        {
            if (environment(setting.Variable) is { Length: > 0 } value)
            {
                values[setting.Name] = value;
            }
        }

        if ((typed.GetValueOrDefault("settings") ?? values.GetValueOrDefault("settings")) is { } file)
        {
            foreach ((string name, string value) in ReadFile(file))
            {
                values.TryAdd(name, value);
            }
        }

        foreach ((string name, string value) in typed)
        {
            values[name] = value;
        }

        return new SiloSettings(values);
    }

    /// <summary>Where the shared store is.</summary>
    public SharedStoreSettings Store() => SharedStoreSettings.FromEnvironment(variable => variable switch
    {
        SharedStoreSettings.HeadsVariable => Text("heads") ?? throw new FormatException("--heads is needed: how PostgreSQL is reached."),
        SharedStoreSettings.PacksVariable => Text("packs") ?? throw new FormatException("--packs is needed: where packs go."),
        SharedStoreSettings.CacheVariable => Text("cache"),
        SharedStoreSettings.IndexVariable => Text("index"),
        _ => null,
    })! with { CacheBytes = Text("cacheBytes") is null ? Actors.Store.Objects.SharedStoreOptions.Default.CacheBytesMax : Number("cacheBytes", 0, 64 << 20, long.MaxValue) };

    /// <summary>What forge hosts are allowed.</summary>
    public HostRuleBook Hosts()
    {
        try
        {
            return Text("hosts") is { } file ? HostSettings.Parse(File.ReadAllText(file)) : HostRuleBook.Presets;
        }
        catch (FormatException e)
        {
            throw new FormatException($"--hosts: {e.Message}", e);
        }
    }

    private static Dictionary<string, string> ReadFile(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            Dictionary<string, string> values = new(StringComparer.Ordinal);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (All.All(s => s.Name != property.Name))
                {
                    throw new FormatException($"'{path}': there is no setting '{property.Name}'.");
                }

                values[property.Name] = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : property.Value.GetRawText();
            }

            return values;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The parser's message may quote a value.
            throw new FormatException($"'{path}' is not one JSON object of settings.");
        }
    }

    private string? Text(string name) => _values.TryGetValue(name, out string? value) && value.Length > 0 ? value : null;

    private int Number(string name, int otherwise, int least, int most) => (int)Number(name, (long)otherwise, least, most);

    private long Number(string name, long otherwise, long least, long most) => Text(name) is not { } text ? otherwise
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= least && number <= most ? number
        : throw Bad(name, $"a whole number from {least} to {most}");

    private double Rate() => Text("hostRate") is not { } text ? double.PositiveInfinity
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double rate) && rate > 0 ? rate
        : throw Bad("hostRate", "a rate a second above zero");

    private bool Watches => Flag("watch", false);

    /// <summary>The name of a setting that must not be said without a watch.</summary>
    private string OfWatch(string name) => Watches || Text(name) is null ? name
        : throw new FormatException($"{All.First(s => s.Name == name).Option} is for --watch true, which is missing.");

    private bool Flag(string name, bool otherwise) => Text(name) switch { null => otherwise, "true" => true, "false" => false, _ => throw Bad(name, "true or false") };

    private IPEndPoint? EndPoint(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        string whole = text.StartsWith("localhost:", StringComparison.Ordinal) ? string.Concat("127.0.0.1", text.AsSpan(9)) : text;
        return IPEndPoint.TryParse(whole, out IPEndPoint? endPoint) && whole.Contains(':') ? endPoint : throw Bad(name, "an address and port such as 127.0.0.1:8080");
    }

    private static FormatException Bad(string name, string what) => new($"{All.First(s => s.Name == name).Option}: not {what}.");
}
