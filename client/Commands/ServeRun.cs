using System.Net;
using System.Reflection;
using Actors.Store.Listings;
using Actors.Store.Schedules;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Schedules;
using Actors.Web.Access;
using Actors.Web.Api;
using Actors.Web.Webhooks;

namespace Actors.Client.Commands;

/// <summary>One run of <c>actors serve</c>.</summary>
internal sealed class ServeRun(Terminal terminal, TimeProvider clock)
{
    public required string StorePath { get; init; }

    public required string Listen { get; init; }

    public string? TokenPath { get; init; }

    public bool NoToken { get; init; }

    public string? MetricsListen { get; init; }

    public string? DashboardListen { get; init; }

    public bool AllowPrivate { get; init; }

    public bool AllowAllUrls { get; init; }

    public int Jobs { get; init; } = 64;

    public HostLimits HostLimits { get; init; } = HostLimits.Default;

    public string? HostsPath { get; init; }

    public bool Verbose { get; init; }

    /// <summary>What a watch may spend; null: nothing is watched.</summary>
    public double? VisitsADay { get; init; }

    /// <summary>Where pushes are received, or null.</summary>
    public string? Webhooks { get; init; }

    public string? SecretPath { get; init; }

    private static string Version => typeof(ServeRun).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    /// <summary>Serves until it is cancelled; then ends requests, lets syncs end for a moment, keeps all positions.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        // 1. All that a person may have got wrong, before anything is opened.
        WebServerOptions options = Options(() => cancellationToken.IsCancellationRequested ? "it stops" : null);
        HostRuleBook rules = HostsFile.Read(HostsPath);
        PushListener? pushes = PushListener.Of(Webhooks, SecretPath);

        // 2. Store, board, server; each is closed before what it stands on.
        await using WorkingStore store = await WorkingStore.OpenAsync(
            StorePath, clock, Verbose ? terminal.Error : null, WireClient.ServerOptions(clock, AllowPrivate), cancellationToken);
        string folder = Path.Combine(store.WorkFolder, "campaigns");
        await using FileStream alone = Lock(folder);
        await using IListingStore listings = await StoreFolder.OpenListingsAsync(StorePlace.Of(StorePath), clock, cancellationToken);
        await using LocalBoard board = await OpenBoardAsync(store, listings, folder, rules, cancellationToken);
        IScheduleStore schedule = (IScheduleStore)store.Heads;

        // 3. The watch, where there is one; the board ends it.
        await using WebhookServer? receiving = VisitsADay is { } visits
            ? await WatchAsync(board, new Watch(schedule, store.Heads, clock, new WatchOptions { VisitsADay = visits }), pushes, cancellationToken) : null;
        ScheduleGauge gauge = new(schedule, clock) { Watch = board.ViewWatch };
        await using WebServer server = await StartAsync(options, new WebEngine(board, store.Objects, store.Heads) { Schedule = gauge }, store, cancellationToken);
        foreach ((Uri address, WebBinding binding) in server.Addresses.Zip(options.Bindings))
        {
            terminal.Error.WriteLine($"Listening on {address} ({Describe(binding.Parts)}).");
        }

        terminal.Error.WriteLine($"The store is {StorePlace.Of(StorePath).Shown}; {(options.Tokens.IsOpen ? "no token is asked for" : "a token is asked for")}. Ctrl-C ends it.");

        // 4. Until somebody ends it.
        await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
        terminal.Error.WriteLine("Stopping: what runs may end for a moment; all campaigns go on at the next start.");
        return ExitCode.AllWell;
    }

    private async Task<WebhookServer?> WatchAsync(LocalBoard board, Watch watch, PushListener? pushes, CancellationToken cancellationToken)
    {
        _ = board.KeepFreshAsync(watch, cancellationToken);
        WebhookServer? server = pushes is null ? null : await pushes.StartAsync(watch, clock, cancellationToken);
        terminal.Error.WriteLine($"What the store knows is kept fresh{(server is null ? "" : $"; pushes are received at {server.Address}webhooks")}.");
        return server;
    }

    /// <summary>A shared store's folder on this machine is every process's; a folder of campaigns is one's. The lock ends with the process.</summary>
    private static FileStream Lock(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"another 'actors serve' works on the campaigns in '{folder}', or they cannot be written: {e.Message}", e);
        }
    }

    private async Task<LocalBoard> OpenBoardAsync(WorkingStore store, IListingStore listings, string folder, HostRuleBook rules, CancellationToken cancellationToken)
    {
        try
        {
            return await LocalBoard.OpenAsync(
                store.Engine, store.Heads, clock, store.Logs,
                new LocalBoardOptions
                {
                    Folder = folder,
                    Jobs = Jobs,
                    HostLimits = HostLimits,
                    HostRules = rules,
                    Listings = listings,
                    Refuse = AllowAllUrls ? null : ServedUrls.Refuse,
                    Version = Version,
                },
                cancellationToken);
        }
        catch (FormatException e)
        {
            throw new UserErrorException(e.Message, e);
        }
    }

    private async Task<WebServer> StartAsync(WebServerOptions options, WebEngine engine, WorkingStore store, CancellationToken cancellationToken)
    {
        try
        {
            return await WebServer.StartAsync(options, engine, clock, store.Logs, cancellationToken);
        }
        catch (ArgumentException e)
        {
            throw new UserErrorException(e.Message, e);
        }
    }

    private WebServerOptions Options(Func<string?> notReady)
    {
        AccessTokens tokens = ReadTokens();
        List<WebBinding> bindings = [Bind("--listen", Listen, WebParts.All & ~(MetricsListen is null ? 0 : WebParts.Metrics) & ~(DashboardListen is null ? 0 : WebParts.Dashboard))];
        if (MetricsListen is not null)
        {
            bindings.Add(Bind("--metrics-listen", MetricsListen, WebParts.Metrics) with { ReadsNeedNoToken = true });
        }

        if (DashboardListen is not null)
        {
            bindings.Add(Bind("--dashboard-listen", DashboardListen, WebParts.Api | WebParts.Dashboard));
        }

        if (tokens.IsOpen && !NoToken && bindings.Find(binding => !IPAddress.IsLoopback(binding.EndPoint.Address)) is { } open)
        {
            throw new UserErrorException(
                $"without tokens everybody who reaches {open.EndPoint} could submit and cancel: give --token-file FILE, listen on 127.0.0.1, or say --no-token");
        }

        return new WebServerOptions { Bindings = bindings, Tokens = tokens, OpenToNetwork = NoToken, Version = Version, NotReady = notReady };
    }

    private AccessTokens ReadTokens()
    {
        if (TokenPath is null)
        {
            return AccessTokens.None;
        }

        if (NoToken)
        {
            throw new UserErrorException("--token-file and --no-token are each other's opposite");
        }

        try
        {
            return AccessTokens.Parse(File.ReadAllText(TokenPath));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new UserErrorException($"--token-file: '{TokenPath}': {e.Message}", e);
        }
    }

    private static WebBinding Bind(string option, string text, WebParts parts) =>
        IPEndPoint.TryParse(text, out IPEndPoint? endpoint) && (text.Contains(']', StringComparison.Ordinal) ? text.Contains("]:", StringComparison.Ordinal) : text.Count(c => c == ':') == 1)
            ? new WebBinding(endpoint) { Parts = parts }
            : throw new UserErrorException($"{option}: '{text}' is not ADDRESS:PORT, as 127.0.0.1:8421 or [::1]:8421");

    private static string Describe(WebParts parts) => string.Join(
        ", ",
        new[] { (WebParts.Api, "API"), (WebParts.Metrics, "metrics"), (WebParts.Dashboard, "dashboard") }.Where(part => (parts & part.Item1) != 0).Select(part => part.Item2));
}
