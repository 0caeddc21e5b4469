namespace Actors.Git.Objects;

/// <summary>That some object refers to <paramref name="Oid"/>. Gitlinks (submodules) are no references: their commit lives elsewhere.</summary>
/// <param name="Oid">The object referred to.</param>
/// <param name="Type">The type that the referrer expects: tree and parents of a commit, entry mode in a tree, <c>type</c> line of a tag.</param>
public readonly record struct ObjectReference(Oid Oid, ObjectType Type);
