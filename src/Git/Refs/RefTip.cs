using Actors.Git.Objects;

namespace Actors.Git.Refs;

/// <summary>What a remote shows now for one ref.</summary>
/// <param name="Name">The ref.</param>
/// <param name="Oid">What it points to; <see cref="Oid.Zero"/> for an unborn HEAD.</param>
/// <param name="Peeled">For an annotated tag, the object at the end of its chain of tags.</param>
/// <param name="SymrefTarget">For a symref, the ref that it stands for.</param>
public readonly record struct RefTip(RefName Name, Oid Oid, Oid? Peeled = null, RefName? SymrefTarget = null);
