namespace Actors.Store.Checks;

/// <summary>How far a check is, and in the end what it has looked at.</summary>
public sealed record StoreCheckCounts
{
    /// <summary>Packs looked at.</summary>
    public int Packs { get; init; }

    /// <summary>Packs to look at.</summary>
    public int PacksInAll { get; init; }

    /// <summary>Bytes of the packs looked at.</summary>
    public long Bytes { get; init; }

    /// <summary>Bytes of all packs to look at.</summary>
    public long BytesInAll { get; init; }

    /// <summary>Objects read and hashed.</summary>
    public long Objects { get; init; }

    /// <summary>References from one pack to another one, each once a pack.</summary>
    public long References { get; init; }

    /// <summary>Repositories looked at.</summary>
    public long Repositories { get; init; }

    /// <summary>Repositories to look at, when the check began.</summary>
    public long RepositoriesInAll { get; init; }

    /// <summary>Different snapshots looked at.</summary>
    public long Snapshots { get; init; }

    /// <summary>Problems found.</summary>
    public long Problems { get; init; }
}
