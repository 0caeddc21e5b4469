using System.Runtime.CompilerServices;

namespace Actors.Git.Objects;

/// <summary>One entry of a tree object: <c>mode SP name NUL oid</c>, the mode in octal digits, zero-padded by some writers.</summary>
internal static class TreeEntry
{
    private const uint TypeMask = 0xF000;
    private const uint Directory = 0x4000;
    private const uint Gitlink = 0xE000;

    /// <summary>Reads the entry at the start of <paramref name="bytes"/>; returns its length.</summary>
    /// <param name="bytes">From the entry to the tree's end.</param>
    /// <param name="offset">Where that is in the tree, for the error.</param>
    /// <param name="reference">What it refers to; type <see cref="ObjectType.None"/> for a gitlink.</param>
    /// <exception cref="GitFormatException">Not an entry.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Read(ReadOnlySpan<byte> bytes, long offset, out ObjectReference reference)
    {
        uint mode = 0;
        int i = 0;
        for (; i < bytes.Length && bytes[i] is >= (byte)'0' and <= (byte)'7'; i++)
        {
            mode = (mode << 3) | (uint)(bytes[i] - '0');
        }

        // git (tree-walk.c, decode_tree_entry) refuses an empty mode and an empty name, and nothing else.
        if (i == 0 || i >= bytes.Length || bytes[i] != ' ')
        {
            throw Malformed("has no mode", offset);
        }

        int name = bytes[(i + 1)..].IndexOf((byte)0);
        if (name <= 0)
        {
            throw Malformed(name < 0 ? "does not end its name" : "has no name", offset);
        }

        int oid = i + 1 + name + 1;
        if (bytes.Length - oid < Oid.Length)
        {
            throw Malformed("ends within its oid", offset);
        }

        reference = new ObjectReference(Oid.FromBytes(bytes[oid..]), (mode & TypeMask) switch
        {
            Directory => ObjectType.Tree,
            Gitlink => ObjectType.None,
            _ => ObjectType.Blob,
        });
        return oid + Oid.Length;
    }

    /// <summary>As the shorter one, with mode and name.</summary>
    public static int Read(ReadOnlySpan<byte> bytes, long offset, out ObjectReference reference, out uint mode, out ReadOnlySpan<byte> name)
    {
        int length = Read(bytes, offset, out reference);
        int space = bytes.IndexOf((byte)' ');
        mode = 0;
        foreach (byte digit in bytes[..space])
        {
            mode = (mode << 3) | (uint)(digit - '0');
        }

        name = bytes[(space + 1)..(length - Oid.Length - 1)];
        return length;
    }

    private static GitFormatException Malformed(string what, long offset) =>
        new(GitFormatError.Object, "A tree entry " + what, offset);
}
