using Actors.Git.Objects;

namespace Actors.Store.Objects;

/// <summary>How an ingest ended.</summary>
public sealed record CommitResult
{
    public required CommitStatus Status { get; init; }

    /// <summary>Objects that the store did not have before.</summary>
    public long NewObjects { get; init; }

    /// <summary>Objects that came although the store had them (equal in content).</summary>
    public long KnownObjects { get; init; }

    /// <summary>Bytes that the store grew by.</summary>
    public long StoredBytes { get; init; }

    /// <summary>The first missing references (at most 100), when not closed.</summary>
    public IReadOnlyList<ObjectReference> Missing { get; init; } = [];

    /// <summary>How many references are missing.</summary>
    public long MissingCount { get; init; }

    /// <summary>The object that collides, if one does.</summary>
    public Oid? Colliding { get; init; }
}
