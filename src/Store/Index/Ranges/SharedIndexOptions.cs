namespace Actors.Store.Index.Ranges;

/// <summary>How one process takes part in a shared index.</summary>
internal sealed record SharedIndexOptions
{
    /// <summary>One process with the whole index on its disk: right until its runs (23 bytes an object) are more than a machine should map.</summary>
    public static SharedIndexOptions Default { get; } = new();

    /// <summary>False: this process has the ranges that fall to it among all living ones, and asks the others for theirs.</summary>
    public bool HoldsAll { get; init; } = true;

    /// <summary>So many processes have each range. With two, the death of one is not felt.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>Memory and files of one range. 64 Ki oids in memory are 3 MB for each range held, before they go to a file.</summary>
    public ObjectIndexOptions Range { get; init; } = ObjectIndexOptions.Default with { MemoryOidsMax = 64 * 1024, Fsync = false };

    /// <summary>Oids of one range in packs that no listed run covers: as many make a run. Whoever opens the index reads them from the packs' own indexes.</summary>
    public long LevelZeroOidsMax { get; init; } = 256 * 1024;

    /// <summary>Packs that no listed run covers: as many make a run, however small. Each costs whoever opens the index one or two requests.</summary>
    public int LevelZeroPacksMax { get; init; } = 256;

    /// <summary>Pack indexes read at once.</summary>
    public int ReadsMax { get; init; } = 8;

    /// <summary>How long a merge has its range for itself without saying that it goes on.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a process says that it lives.</summary>
    public TimeSpan BeatInterval { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>A process that has not been heard of for so long is dead: others take its ranges.</summary>
    public TimeSpan DeadAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long another process may take to answer before it is done without it.</summary>
    public TimeSpan PeerTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>After a failure, a process is not asked again for so long.</summary>
    public TimeSpan PeerPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a range is kept that was fetched because nobody answered for it.</summary>
    public TimeSpan BorrowedFor { get; init; } = TimeSpan.FromMinutes(1);
}
