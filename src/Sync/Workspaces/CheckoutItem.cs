using Actors.Git.Objects;

namespace Actors.Sync.Workspaces;

/// <summary>One file, link or submodule of a tree that is to be checked out.</summary>
/// <param name="Path">From the top, raw bytes, safe.</param>
/// <param name="Kind">See <see cref="TreeItem.Kind"/>.</param>
/// <param name="Oid">The blob, or a submodule's commit.</param>
/// <param name="Left">True: in the index, but not in the working tree (sparse).</param>
internal readonly record struct CheckoutItem(byte[] Path, uint Kind, Oid Oid, bool Left);
