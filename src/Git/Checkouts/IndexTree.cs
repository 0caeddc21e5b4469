using Actors.Git.Objects;

namespace Actors.Git.Checkouts;

/// <summary>A tree whose entries are all in the index as it has them: git compares such a folder by its oid alone (gitformat-index, "Cache tree").</summary>
/// <param name="Name">The folder's own name; empty for the top.</param>
/// <param name="Oid">The tree.</param>
/// <param name="Folders">Its sub-trees, in the tree's order.</param>
public sealed record IndexTree(ReadOnlyMemory<byte> Name, Oid Oid, IReadOnlyList<IndexTree> Folders)
{
    /// <summary>Entries of the index below this folder.</summary>
    public int Entries { get; set; }
}
