namespace Actors.Git.Objects;

/// <summary>One entry of a tree with its name, as a checkout needs it.</summary>
/// <param name="Mode">As written in the tree; <see cref="Kind"/> is what git makes of it.</param>
/// <param name="Name">Raw bytes, not checked: a hostile tree may say <c>..</c>.</param>
/// <param name="Oid">What it names.</param>
public readonly record struct TreeItem(uint Mode, ReadOnlyMemory<byte> Name, Oid Oid)
{
    /// <summary>Mode of a directory.</summary>
    public const uint Directory = 0x4000;

    /// <summary>Mode of a symbolic link.</summary>
    public const uint Link = 0xA000;

    /// <summary>Mode of a submodule's commit.</summary>
    public const uint Gitlink = 0xE000;

    /// <summary>Mode of a file (<c>100644</c>).</summary>
    public const uint File = 0x81A4;

    /// <summary>Mode of a program (<c>100755</c>).</summary>
    public const uint Program = 0x81ED;

    private const uint TypeMask = 0xF000;
    private const uint RegularType = 0x8000;
    private const uint OwnerMayRun = 0x40;

    /// <summary>The mode in git's own form, one of five (cache.h, <c>canon_mode</c>).</summary>
    public uint Kind => (Mode & TypeMask) switch
    {
        RegularType => (Mode & OwnerMayRun) != 0 ? Program : File,
        Link => Link,
        Directory => Directory,
        _ => Gitlink,
    };

    /// <summary>The entries of a tree in their order.</summary>
    /// <exception cref="GitFormatException"><see cref="GitFormatError.Object"/>: a malformed entry.</exception>
    public static IReadOnlyList<TreeItem> List(ReadOnlyMemory<byte> tree)
    {
        List<TreeItem> items = [];
        for (int offset = 0; offset < tree.Length;)
        {
            int length = TreeEntry.Read(tree.Span[offset..], offset, out ObjectReference reference, out uint mode, out ReadOnlySpan<byte> name);
            items.Add(new TreeItem(mode, tree.Slice(offset + length - Oid.Length - 1 - name.Length, name.Length), reference.Oid));
            offset += length;
        }

        return items;
    }
}
