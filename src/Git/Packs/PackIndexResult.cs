using Actors.Git.Objects;

namespace Actors.Git.Packs;

/// <summary>What indexing a pack found. Both files are complete, and flushed where that was asked.</summary>
public sealed record PackIndexResult
{
    /// <summary>The pack's trailer: SHA-1 of all that comes before it. Names the pack as <c>pack-&lt;oid&gt;</c> does in git since 2.40 and ours.</summary>
    public required Oid Checksum { get; init; }

    /// <summary>Bytes of the pack file, completed.</summary>
    public required long PackBytes { get; init; }

    /// <summary>Bytes as received.</summary>
    public required long ReceivedBytes { get; init; }

    /// <summary>Entries, appended bases included.</summary>
    public required int ObjectCount { get; init; }

    /// <summary>Entries received by resolved type, indexed by <see cref="ObjectType"/> (length 5).</summary>
    public required IReadOnlyList<int> CountByType { get; init; }

    /// <summary>Bases that were appended to complete a thin pack, in the order of the file. They came from the store.</summary>
    public required IReadOnlyList<Oid> AppendedBases { get; init; }

    /// <summary>Every object that something in the pack refers to and that is not in the pack itself: each once, in order of oid.</summary>
    public required IReadOnlyList<ObjectReference> References { get; init; }
}
