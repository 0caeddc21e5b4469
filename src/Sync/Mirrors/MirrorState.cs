using Actors.Git.Objects;
using Actors.Store.Heads;

namespace Actors.Sync.Mirrors;

/// <summary>
/// What a mirror's state document says: the commit point of all that we know of the mirror. Its refs, kept history included,
/// are those of its <c>info/refs</c>, which is written before.
/// </summary>
public sealed record MirrorState
{
    /// <summary>1, 2, 3…: which publication this is. A number may be left out.</summary>
    public required long Generation { get; init; }

    /// <summary>False: its writer had not finished. All packs are there; <c>info/refs</c> is this generation's or the one's before.</summary>
    public required bool IsPublished { get; init; }

    /// <summary>The source's canonical URL, which has no credentials.</summary>
    public required string Source { get; init; }

    /// <summary>The heads that the mirror shows.</summary>
    public required SnapshotId Snapshot { get; init; }

    /// <summary>What a detached HEAD points to, which need not be a ref; null where HEAD names a branch.</summary>
    public Oid? DetachedHead { get; init; }

    /// <summary>When this generation was published.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Refs of the source, as shown.</summary>
    public int Refs { get; init; }

    /// <summary>Kept tips that the source no longer has.</summary>
    public int HistoryRefs { get; init; }

    /// <summary>Packs that <c>objects/info/packs</c> names, the largest first.</summary>
    public IReadOnlyList<MirrorPack> Packs { get; init; } = [];

    /// <summary>Packs to be deleted when their grace is over, oldest first.</summary>
    public IReadOnlyList<RetiredPack> Retired { get; init; } = [];

    /// <summary>The bundle, or null.</summary>
    public MirrorBundle? Bundle { get; init; }

    /// <summary>The last generation whose objects of Git LFS are all there, but for missing ones; 0: they were never asked for.</summary>
    public long LfsGeneration { get; init; }

    /// <summary>Objects of Git LFS that the source does not give. Looked for again with the next change.</summary>
    public long LfsMissing { get; init; }
}
