using Actors.Git.Objects;

namespace Actors.Loaders.Objects;

/// <summary>One entry of a <see cref="TreeDraft"/>.</summary>
internal sealed class TreeNode(EntryKind kind, Oid oid)
{
    /// <summary>A file may become executable, or no more so, under another of its names.</summary>
    public EntryKind Kind { get; set; } = kind;

    /// <summary>The blob; of a folder only after the trees were written.</summary>
    public Oid Oid { get; set; } = oid;

    /// <summary>A folder's entries by name, one character a byte; null for all others.</summary>
    public Dictionary<string, TreeNode>? Children { get; } = kind == EntryKind.Folder ? new(StringComparer.Ordinal) : null;
}
