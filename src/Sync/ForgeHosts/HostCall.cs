namespace Actors.Sync.ForgeHosts;

/// <summary>
/// What a silo tells the owner of a host's budget: what it holds and wants, and what ended. May be lost, late or repeated:
/// numbers tell. One is out at a time; the next is a new one, whatever became of the last.
/// </summary>
public sealed record HostCall
{
    /// <summary>Unique among processes, of this start.</summary>
    public required string Silo { get; init; }

    /// <summary>Of this silo's calls about this host, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>Syncs at once that the silo holds itself entitled to, or that still run, if those are more.</summary>
    public int Held { get; init; }

    /// <summary>Syncs that run.</summary>
    public int Running { get; init; }

    /// <summary>Syncs at once that it could use.</summary>
    public int Wanted { get; init; }

    /// <summary>Starts that it holds and may still begin.</summary>
    public int StartsHeld { get; init; }

    /// <summary>Further starts that it wants.</summary>
    public int StartsWanted { get; init; }

    /// <summary>Number of the batch of <see cref="Evidence"/> and <see cref="StartsDropped"/>: told again under the same number until a grant acknowledges it.</summary>
    public long Batch { get; init; }

    /// <summary>Starts that were granted and not begun in time.</summary>
    public long StartsDropped { get; init; }

    /// <summary>What ended, in order.</summary>
    public IReadOnlyList<LeasedEvidence> Evidence { get; init; } = [];

    /// <summary>Repositories that wait for the host in this silo.</summary>
    public long Waiting { get; init; }

    /// <summary>The silo knows a repository of the host that was there.</summary>
    public bool HasCanary { get; init; }
}
