using Actors.Git.Objects;
using Actors.Git.Refs;

namespace Actors.Store.Heads;

/// <summary>One head: a ref as we committed it.</summary>
/// <param name="Name">The full ref name.</param>
/// <param name="Target">Kind of the target.</param>
/// <param name="Oid">The target; <see cref="Oid.Zero"/> for an alias without object and for dangling. For an alias: what it resolved to at that visit (not hashed).</param>
/// <param name="AliasOf">For an alias, the branch that it stands for.</param>
/// <param name="Peeled">For a release, the object at the end of the chain of tags (not hashed).</param>
public sealed record SnapshotBranch(RefName Name, SnapshotTarget Target, Oid Oid, RefName? AliasOf = null, Oid? Peeled = null);
