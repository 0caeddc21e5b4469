namespace Actors.Sync.Engines;

/// <summary>What a <see cref="LocalEngine"/> needs to know of its surroundings.</summary>
public sealed record LocalEngineOptions
{
    /// <summary>Where repositories wait that do not fit in memory; made when needed. In the store's directory.</summary>
    public required string SpoolFolder { get; init; }

    /// <summary>After cancellation, running syncs may still end for so long; then they are cancelled too.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Loops go on on the thread that wakes them: a whole campaign runs on one thread, in one order for one seed.</summary>
    internal bool Inline { get; init; }

    /// <summary>Repositories waiting in memory, over all hosts; a test lowers it.</summary>
    internal int WaitingMax { get; init; } = Limits.WaitingMax;

    /// <summary>Repositories of one host waiting in memory; a test lowers it.</summary>
    internal int WaitingPerHostMax { get; init; } = Limits.WaitingPerHostMax;

    /// <summary>Lines are read on while fewer wait in memory, or a worker has nothing to do; a test lowers it.</summary>
    internal int ReadAhead { get; init; } = Limits.ReadAhead;
}
