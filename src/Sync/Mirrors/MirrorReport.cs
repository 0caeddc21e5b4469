using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Repositories;

namespace Actors.Sync.Mirrors;

/// <summary>What one publication did.</summary>
public sealed record MirrorReport
{
    public required RepositoryUrl Source { get; init; }

    /// <summary>Where the mirror is, without credentials.</summary>
    public required string Target { get; init; }

    public required MirrorOutcome Outcome { get; init; }

    /// <summary>The heads that the mirror shows, or null where that is not known.</summary>
    public SnapshotId? Snapshot { get; init; }

    /// <summary>Refs of the source.</summary>
    public int Refs { get; init; }

    /// <summary>Tips kept by this publication that the source no longer has.</summary>
    public int HistoryKept { get; init; }

    /// <summary>Objects new to the mirror.</summary>
    public long NewObjects { get; init; }

    /// <summary>Packs that the mirror has now.</summary>
    public int Packs { get; init; }

    /// <summary>Packs that were merged into a new one.</summary>
    public int PacksMerged { get; init; }

    /// <summary>Bytes written to the target.</summary>
    public long BytesSent { get; init; }

    /// <summary>Objects of Git LFS that were brought.</summary>
    public long LfsObjects { get; init; }

    /// <summary>Objects of Git LFS that the source does not give.</summary>
    public long LfsMissing { get; init; }

    /// <summary>Whole milliseconds, without the sync.</summary>
    public long ElapsedMs { get; init; }

    /// <summary>For a person; null where it went well.</summary>
    public string? Error { get; init; }

    /// <summary>How the source's sync ended; null where there was none.</summary>
    public SyncReport? Sync { get; init; }
}
