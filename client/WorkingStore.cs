using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Engines;
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
        Engine = new LocalEngine(_client, objects, heads, clock, new Random(seed), logs, new LocalEngineOptions { SpoolFolder = Path.Combine(path, "spool") });
    }

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
