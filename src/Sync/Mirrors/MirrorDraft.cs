using Actors.Store.Blobs;

namespace Actors.Sync.Mirrors;

/// <summary>A generation whose packs are at the target already: what is left are small writes.</summary>
internal sealed record MirrorDraft
{
    /// <summary>The state that it was made from; null: there was none.</summary>
    public required MirrorState? Before { get; init; }

    /// <summary>The new state, published; its generation is that of the claim.</summary>
    public required MirrorState State { get; init; }

    /// <summary>Text of <c>info/refs</c>.</summary>
    public required byte[] Refs { get; init; }

    /// <summary>Text of <c>HEAD</c>.</summary>
    public required byte[] Head { get; init; }

    /// <summary>What nothing has named for longer than the grace.</summary>
    public IReadOnlyList<BlobKey> Deletions { get; init; } = [];

    /// <summary>Objects new to the mirror.</summary>
    public long NewObjects { get; init; }

    /// <summary>Packs merged into new ones.</summary>
    public int PacksMerged { get; init; }

    /// <summary>Tips kept newly.</summary>
    public int HistoryKept { get; init; }

    /// <summary>What became of objects of Git LFS.</summary>
    public LfsTally Lfs { get; init; } = LfsTally.None;
}
