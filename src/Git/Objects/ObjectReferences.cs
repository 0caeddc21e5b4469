namespace Actors.Git.Objects;

/// <summary>
/// What an object refers to. Lenient as git itself is in reading: only what makes the references unreadable is an error;
/// odd modes, dates, encodings, signatures and missing optional fields are somebody's history.
/// </summary>
public static class ObjectReferences
{
    /// <summary>Calls <paramref name="visit"/> for each reference in order; blobs have none, gitlinks are none.</summary>
    /// <exception cref="GitFormatException"><see cref="GitFormatError.Object"/>: a malformed tree entry; a commit whose first line is not its tree; a parent or tag target that is no oid.</exception>
    public static void Read(ObjectType type, ReadOnlySpan<byte> content, Action<ObjectReference> visit)
    {
        switch (type)
        {
            case ObjectType.Commit:
                ReadCommit(content, visit);
                break;
            case ObjectType.Tree:
                ReadTree(content, visit);
                break;
            case ObjectType.Tag:
                visit(ReadTag(content));
                break;
        }
    }

    /// <summary>The distinct references of an object, in order of first use.</summary>
    public static IReadOnlyList<ObjectReference> List(ObjectType type, ReadOnlySpan<byte> content)
    {
        var seen = new HashSet<ObjectReference>();
        var list = new List<ObjectReference>();
        Read(type, content, reference =>
        {
            if (seen.Add(reference))
            {
                list.Add(reference);
            }
        });
        return list;
    }

    /// <summary>A commit's header: <c>tree</c>, then its <c>parent</c> lines. What comes later (mergetag, gpgsig) refers to nothing.</summary>
    internal static void ReadCommit(ReadOnlySpan<byte> content, Action<ObjectReference> visit)
    {
        visit(new ObjectReference(ReadTreeLine(ref content), ObjectType.Tree));
        while (TryReadParentLine(ref content, out Oid parent))
        {
            visit(new ObjectReference(parent, ObjectType.Commit));
        }
    }

    /// <summary>Takes a commit's first line.</summary>
    internal static Oid ReadTreeLine(ref ReadOnlySpan<byte> content)
    {
        ReadOnlySpan<byte> all = content;
        return TryReadOidLine(ref content, "tree "u8, out Oid tree) == true
            ? tree
            : throw new GitFormatException(GitFormatError.Object, $"A commit of {all.Length} bytes does not begin with its tree", 0);
    }

    /// <summary>Takes a <c>parent</c> line; false at the first other line.</summary>
    internal static bool TryReadParentLine(ref ReadOnlySpan<byte> content, out Oid parent) =>
        TryReadOidLine(ref content, "parent "u8, out parent)
            ?? throw new GitFormatException(GitFormatError.Object, "A commit's parent line holds no oid");

    /// <summary>A tag's target and its type, from the first two lines.</summary>
    internal static ObjectReference ReadTag(ReadOnlySpan<byte> content)
    {
        if (TryReadOidLine(ref content, "object "u8, out Oid target) == true && content.StartsWith("type "u8))
        {
            ReadOnlySpan<byte> name = content["type "u8.Length..];
            int end = name.IndexOf((byte)'\n');
            if (ObjectTypeNames.TryParse(end < 0 ? name : name[..end], out ObjectType type))
            {
                return new ObjectReference(target, type);
            }
        }

        throw new GitFormatException(GitFormatError.Object, "A tag does not begin with its object and type", 0);
    }

    /// <summary>A tree: <c>mode SP name NUL oid</c>, again and again.</summary>
    internal static void ReadTree(ReadOnlySpan<byte> content, Action<ObjectReference> visit)
    {
        int length = content.Length;
        while (!content.IsEmpty)
        {
            int size = TreeEntry.Read(content, length - content.Length, out ObjectReference reference);
            if (reference.Type != ObjectType.None)
            {
                visit(reference);
            }

            content = content[size..];
        }
    }

    /// <returns>True: taken. False: another line. Null: that line, but without an oid.</returns>
    private static bool? TryReadOidLine(ref ReadOnlySpan<byte> content, ReadOnlySpan<byte> word, out Oid oid)
    {
        oid = default;
        if (!content.StartsWith(word))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = content[word.Length..];
        if (rest.Length < Oid.HexLength || (rest.Length > Oid.HexLength && rest[Oid.HexLength] != '\n')
            || !Oid.TryParse(rest[..Oid.HexLength], out oid))
        {
            return null;
        }

        content = rest[Math.Min(rest.Length, Oid.HexLength + 1)..];
        return true;
    }
}
