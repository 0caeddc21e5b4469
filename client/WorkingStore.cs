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

    private WorkingStore(string path, LocalObjectStore objects, SqliteHeadStore heads, TimeProvider clock, ILoggerFactory logs)
    {
        Objects = objects;
        Heads = heads;
        _client = WireClient.Create(clock);
        int seed = (int)clock.GetUtcNow().Ticks;
        RepositorySync sync = new(_client, objects, heads, clock, logs.CreateLogger<RepositorySync>());
        Fetch = new CommitFetch(_client, sync, objects, heads, new SyncOptions());
        Engine = new LocalEngine(_client, objects, heads, clock, new Random(seed), logs, new LocalEngineOptions { SpoolFolder = Path.Combine(path, "spool") });
    }

    /// <summary>Brings single commits that no visit brings.</summary>
    public CommitFetch Fetch { get; }

    public IObjectStore Objects { get; }

    public IHeadStore Heads { get; }

    public IEngine Engine { get; }

    /// <summary>Opens the store for work; makes it where there is none.</summary>
    /// <param name="path">Its folder.</param>
    /// <param name="clock">The clock of everything.</param>
    /// <param name="log">Where changes of state are logged, or null.</param>
    /// <exception cref="UserErrorException">Another process works on it, or it is not a store.</exception>
    public static WorkingStore Open(string path, TimeProvider clock, TextWriter? log)
    {
        ILoggerFactory logs = log is null ? new LineLog(TextWriter.Null, clock, LogLevel.None) : new LineLog(log, clock, LogLevel.Information);
        LocalObjectStore objects = StoreFolder.Try(() => LocalObjectStore.Open(path, StoreAccess.Write, clock));
        return new WorkingStore(path, objects, StoreFolder.Try(() => SqliteHeadStore.Open(StoreFolder.HeadsOf(path))), clock, logs);
    }

    /// <summary>As <see cref="Open"/>, but waits while another process works on the store.</summary>
    /// <param name="path">Its folder.</param>
    /// <param name="wait">No longer than this.</param>
    /// <param name="clock">The clock of everything.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<WorkingStore> OpenInTurnAsync(string path, TimeSpan wait, TimeProvider clock, CancellationToken cancellationToken)
    {
        long began = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return Open(path, clock, null);
            }
            catch (UserErrorException e) when (e.InnerException is StoreOpenException { IsBusy: true } && clock.GetElapsedTime(began) < wait)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), clock, cancellationToken);
            }
        }
    }

    /// <summary>As <see cref="Open"/>, where there must be a store.</summary>
    public static WorkingStore OpenExisting(string path, TimeProvider clock)
    {
        StoreFolder.Demand(path);
        return Open(path, clock, null);
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        await _client.DisposeAsync();
        await Heads.DisposeAsync();
        await Objects.DisposeAsync();
    }
}
