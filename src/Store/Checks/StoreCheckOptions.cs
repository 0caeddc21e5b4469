namespace Actors.Store.Checks;

/// <summary>How a store is checked.</summary>
public sealed record StoreCheckOptions
{
    /// <summary>Look in every object for a SHA-1 collision attack: about 100 MB a second and thread, on top of the rest.</summary>
    public bool Collisions { get; init; }

    /// <summary>Check the snapshots of all visits, not only each repository's current one.</summary>
    public bool AllVisits { get; init; } = true;

    /// <summary>Threads for reading packs.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Told how far it is, after each pack and every so many repositories.</summary>
    public IProgress<StoreCheckCounts>? Progress { get; init; }
}
