namespace Actors.Git.Objects;

/// <summary>The names of object types in object headers, tags and World of Code's files.</summary>
public static class ObjectTypeNames
{
    /// <summary><c>commit</c>, <c>tree</c>, <c>blob</c> or <c>tag</c>.</summary>
    public static string ToName(this ObjectType type) => type switch
    {
        ObjectType.Commit => "commit",
        ObjectType.Tree => "tree",
        ObjectType.Blob => "blob",
        ObjectType.Tag => "tag",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "An object has one of four types."),
    };

    /// <summary>The type of that name; false for any other word.</summary>
    public static bool TryParse(ReadOnlySpan<byte> name, out ObjectType type)
    {
        type = name.SequenceEqual("commit"u8) ? ObjectType.Commit
            : name.SequenceEqual("tree"u8) ? ObjectType.Tree
            : name.SequenceEqual("blob"u8) ? ObjectType.Blob
            : name.SequenceEqual("tag"u8) ? ObjectType.Tag
            : ObjectType.None;
        return type != ObjectType.None;
    }
}
