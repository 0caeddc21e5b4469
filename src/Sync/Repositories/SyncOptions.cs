using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Store.Listings;

namespace Actors.Sync.Repositories;

/// <summary>What every sync of a campaign shares.</summary>
public sealed record SyncOptions
{
    /// <summary>Which refs.</summary>
    public RefSelection Refs { get; init; } = RefSelection.Default;

    /// <summary>Bounds of each pack.</summary>
    public PackLimits PackLimits { get; init; } = PackLimits.Default;

    /// <summary>One sync may take no longer in all.</summary>
    public TimeSpan SyncTimeMax { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Told each object new to the store, with the repository whose sync brought it; calls come one at a time.</summary>
    public Action<RepositoryUrl, Oid, ObjectType>? NewObjects { get; init; }

    /// <summary>What forges' listings say of repositories that were never visited: their size, what they are forks of. Null: nothing is known.</summary>
    public IListingStore? Listings { get; init; }

    /// <summary>Threads for indexing one large pack.</summary>
    public int IndexThreads { get; init; } = Environment.ProcessorCount;
}
