namespace Actors.Git.Objects;

/// <summary>The four kinds of object, numbered as in pack entries (gitformat-pack, "object types").</summary>
public enum ObjectType : byte
{
    /// <summary>Not known, or of no importance.</summary>
    None = 0,
    Commit = 1,
    Tree = 2,
    Blob = 3,
    Tag = 4,
}
