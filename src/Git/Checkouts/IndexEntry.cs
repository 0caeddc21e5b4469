using Actors.Git.Objects;

namespace Actors.Git.Checkouts;

/// <summary>One entry of git's index.</summary>
/// <param name="Path">From the top of the tree, raw bytes with <c>/</c> between.</param>
/// <param name="Kind">See <see cref="TreeItem.Kind"/>; never a directory.</param>
/// <param name="Oid">The blob, or a submodule's commit.</param>
/// <param name="Stat">Of the file as it was written.</param>
/// <param name="Left">True: not in the working tree, by sparse checkout (<c>skip-worktree</c>).</param>
public readonly record struct IndexEntry(ReadOnlyMemory<byte> Path, uint Kind, Oid Oid, FileStat Stat, bool Left);
