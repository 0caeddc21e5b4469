namespace Actors.Git.Lfs;

/// <summary>A file's content outside git, as a pointer names it.</summary>
/// <param name="Oid">Its SHA-256.</param>
/// <param name="Size">Its bytes.</param>
public readonly record struct LfsObject(LfsOid Oid, long Size);
