using Actors.Git.Objects;
using Actors.Git.Refs;

namespace Actors.Sync.Mirrors;

/// <summary>A ref that a mirror shows.</summary>
/// <param name="Name">Begins with <c>refs/</c>.</param>
/// <param name="Oid">What it points to.</param>
/// <param name="Peeled">For an annotated tag, the object at the end of its chain of tags.</param>
public readonly record struct MirrorRef(RefName Name, Oid Oid, Oid? Peeled);
