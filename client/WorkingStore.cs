using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Engines;
using Actors.Sync.Repositories;
using Actors.Sync.Workspaces;
using Microsoft.Extensions.Logging;

namespace Actors.Client;

/// <summary>A store opened for work: objects and heads as their one writer, a git client, and the engine over them.</summary>
internal sealed class WorkingStore : IAsyncDisposable
{
    private readonly GitClient _client;
    private readonly TimeProvider _clock;

    private WorkingStore(string workFolder, IObjectStore objects, IHeadStore heads, TimeProvider clock, ILoggerFactory logs, GitClientOptions? wire)
    {
        WorkFolder = workFolder;
        Objects = objects;
        Heads = heads;
        _client = new GitClient(wire ?? WireClient.Options(clock));
        (_clock, Logs) = (clock, logs);
        int seed = (int)clock.GetUtcNow().Ticks;
        RepositorySync sync = new(_client, objects, heads, clock, logs.CreateLogger<RepositorySync>());
        Fetch = new CommitFetch(_client, sync, objects, heads, clock, new SyncOptions());
        Sync = sync;
        Engine = new LocalEngine(_client, objects, heads, clock, new Random(seed), logs, new LocalEngineOptions { SpoolFolder = Path.Combine(workFolder, "spool") });
    }

    /// <summary>Brings single commits that no visit brings.</summary>
    public CommitFetch Fetch { get; }

    /// <summary>Single syncs, outside campaigns.</summary>
    public RepositorySync Sync { get; }

    /// <summary>Where this process may put down what it cannot hold in memory.</summary>
    public string WorkFolder { get; }

    public IObjectStore Objects { get; }

    public IHeadStore Heads { get; }

    public LocalEngine Engine { get; }

    public ILoggerFactory Logs { get; }

    /// <summary>An engine of the same store whose visits are something else than syncs.</summary>
    public IEngine EngineOf(SyncStep visit) => new LocalEngine(
        visit, Objects, Heads, _clock, new Random((int)_clock.GetUtcNow().Ticks), Logs, new LocalEngineOptions { SpoolFolder = Path.Combine(WorkFolder, "spool") });

    /// <summary>An engine of the same store that does more with each visit.</summary>
    public IEngine EngineAround(Func<SyncStep, SyncStep> around) => new LocalEngine(
        _client, Objects, Heads, _clock, new Random((int)_clock.GetUtcNow().Ticks), Logs, new LocalEngineOptions { SpoolFolder = Path.Combine(WorkFolder, "spool") }, around);

    /// <summary>Opens the store for work; makes it where there is none.</summary>
    /// <param name="place">See <see cref="StorePlace"/>.</param>
    /// <param name="clock">The clock of everything.</param>
    /// <param name="log">Where changes of state are logged, or null.</param>
    /// <param name="wire">How remotes are talked to; null: as a person's console does.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <exception cref="UserErrorException">Another process works on it, it is not a store, or it cannot be reached.</exception>
    public static async Task<WorkingStore> OpenAsync(string place, TimeProvider clock, TextWriter? log, GitClientOptions? wire, CancellationToken cancellationToken)
    {
        ILoggerFactory logs = log is null ? new LineLog(TextWriter.Null, clock, LogLevel.None) : new LineLog(log, clock, LogLevel.Information);
        StorePlace at = StorePlace.Of(place);
        if (at.Shared is { } shared)
        {
            (SharedObjectStore objects, IHeadStore heads) = await StoreFolder.OpenSharedAsync(shared, clock, cancellationToken);
            return new WorkingStore(objects.WorkFolder, objects, heads, clock, logs, wire);
        }

        string folder = at.Folder!;
        LocalObjectStore packs = StoreFolder.Try(() => LocalObjectStore.Open(folder, StoreAccess.Write, clock));
        return new WorkingStore(folder, packs, StoreFolder.Try(() => SqliteHeadStore.Open(StoreFolder.HeadsOf(folder))), clock, logs, wire);
    }

    /// <summary>As above, talking to remotes as a person's console does.</summary>
    public static Task<WorkingStore> OpenAsync(string place, TimeProvider clock, TextWriter? log, CancellationToken cancellationToken) =>
        OpenAsync(place, clock, log, null, cancellationToken);

    /// <summary>As <see cref="OpenAsync(string, TimeProvider, TextWriter?, CancellationToken)"/>, but waits while another process works on a store in a folder.</summary>
    /// <param name="place">See <see cref="StorePlace"/>.</param>
    /// <param name="wait">No longer than this.</param>
    /// <param name="clock">The clock of everything.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<WorkingStore> OpenInTurnAsync(string place, TimeSpan wait, TimeProvider clock, CancellationToken cancellationToken)
    {
        long began = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return await OpenAsync(place, clock, null, cancellationToken);
            }
            catch (UserErrorException e) when (e.InnerException is StoreOpenException { IsBusy: true } && clock.GetElapsedTime(began) < wait)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), clock, cancellationToken);
            }
        }
    }

    /// <summary>As <see cref="OpenAsync(string, TimeProvider, TextWriter?, CancellationToken)"/>, where there must be a store.</summary>
    public static Task<WorkingStore> OpenExistingAsync(string place, TimeProvider clock, CancellationToken cancellationToken)
    {
        StoreFolder.Demand(StorePlace.Of(place));
        return OpenAsync(place, clock, null, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        await _client.DisposeAsync();
        await Heads.DisposeAsync();
        await Objects.DisposeAsync();
    }
}
