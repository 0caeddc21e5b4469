using System.Buffers;
using Actors.Git.Objects;

namespace Actors.Loaders.Objects;

/// <summary>
/// Tree objects of a draft (gitformat, "tree object"; git's <c>base_name_compare</c>): entries in order of their raw names,
/// a folder's compared as if it ended in a slash. Empty folders are kept, which git itself never writes.
/// </summary>
internal static class TreeBytes
{
    /// <summary>Fills in the oids of all folders, deepest first, and tells each tree object with its path, which ends in a slash.</summary>
    /// <returns>The root's oid.</returns>
    public static Oid Write(TreeNode root, Action<string, Oid, byte[]> add)
    {
        // No recursion: the depth comes from outside.
        Stack<(string Path, TreeNode Node, bool ChildrenDone)> open = new();
        open.Push(("", root, false));
        while (open.TryPop(out (string Path, TreeNode Node, bool ChildrenDone) top))
        {
            if (!top.ChildrenDone)
            {
                open.Push((top.Path, top.Node, true));
                foreach ((string name, TreeNode child) in top.Node.Children!.Where(child => child.Value.Kind == EntryKind.Folder))
                {
                    open.Push(($"{top.Path}{name}/", child, false));
                }

                continue;
            }

            byte[] bytes = Encode(top.Node.Children!);
            top.Node.Oid = ObjectHash.Compute(ObjectType.Tree, bytes);
            add(top.Path, top.Node.Oid, bytes);
        }

        return root.Oid;
    }

    private static byte[] Encode(Dictionary<string, TreeNode> children)
    {
        (string Key, string Name, TreeNode Node)[] sorted = [.. children.Select(child => (child.Value.Kind == EntryKind.Folder ? child.Key + "/" : child.Key, child.Key, child.Value))];
        Array.Sort(sorted, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        ArrayBufferWriter<byte> bytes = new(Math.Max(1, sorted.Length * 40));
        foreach ((_, string name, TreeNode node) in sorted)
        {
            bytes.Write(Mode(node.Kind));
            bytes.Write(PathText.Bytes(name));
            bytes.Write("\0"u8);
            node.Oid.CopyTo(bytes.GetSpan(Oid.Length));
            bytes.Advance(Oid.Length);
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static ReadOnlySpan<byte> Mode(EntryKind kind) => kind switch
    {
        EntryKind.File => "100644 "u8,
        EntryKind.Executable => "100755 "u8,
        EntryKind.Link => "120000 "u8,
        _ => "40000 "u8,
    };
}
