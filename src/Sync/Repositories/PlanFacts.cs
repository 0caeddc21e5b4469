namespace Actors.Sync.Repositories;

/// <summary>What choosing a rung of the ladder depends on, and nothing else.</summary>
internal readonly record struct PlanFacts
{
    /// <summary>The remote shows an object that the store lacks.</summary>
    public bool TipsMissing { get; init; }

    /// <summary>Our snapshot of an earlier visit has commits.</summary>
    public bool OwnHeads { get; init; }

    /// <summary>The store has a commit that the remote shows, whoever brought it.</summary>
    public bool KnownTips { get; init; }

    /// <summary>It is listed as a fork, and the store has heads of what it is a fork of.</summary>
    public bool ParentHeads { get; init; }

    /// <summary>The store has no objects at all.</summary>
    public bool StoreEmpty { get; init; }

    /// <summary>The server's protocol version.</summary>
    public int Version { get; init; }

    /// <summary>The server takes filters and <c>deepen</c>.</summary>
    public bool CanProbeCommits { get; init; }

    /// <summary>Something that can be offered as a have.</summary>
    public bool AnyHaves => OwnHeads || KnownTips || ParentHeads;
}
