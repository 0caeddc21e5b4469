using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Actors.Git.Objects;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Git.Checkouts;

/// <summary>Writes git's index (gitformat-index): version 2, or 3 where entries are left out of the working tree, with the cache tree.</summary>
public static class IndexWriter
{
    private const int FixedBytes = 62;
    private const int NameMask = 0xFFF;
    private const ushort Extended = 0x4000;
    private const ushort SkipWorktree = 0x4000;

    /// <summary>The index as bytes, its checksum at the end.</summary>
    /// <param name="entries">In order of path by bytes, each path once.</param>
    /// <param name="tree">The cache tree, or null for none.</param>
    public static byte[] Write(IReadOnlyList<IndexEntry> entries, IndexTree? tree)
    {
        bool extended = entries.Any(entry => entry.Left);
        ArrayBufferWriter<byte> output = new((entries.Count * 96) + 1024);
        output.Write("DIRC"u8);
        WriteNumber(output, extended ? 3u : 2u);
        WriteNumber(output, (uint)entries.Count);
        foreach (IndexEntry entry in entries)
        {
            WriteEntry(output, entry);
        }

        if (tree is not null)
        {
            ArrayBufferWriter<byte> extension = new(1024);
            WriteTree(extension, tree);
            output.Write("TREE"u8);
            WriteNumber(output, (uint)extension.WrittenCount);
            output.Write(extension.WrittenSpan);
        }

        output.Write(SHA1.HashData(output.WrittenSpan));
        return output.WrittenSpan.ToArray();
    }

    private static void WriteEntry(ArrayBufferWriter<byte> output, in IndexEntry entry)
    {
        ReadOnlySpan<byte> path = entry.Path.Span;
        int head = entry.Left ? FixedBytes + 2 : FixedBytes;
        // One to eight NULs, so that the whole is a multiple of eight.
        int length = (head + path.Length + 8) & ~7;
        Span<byte> bytes = output.GetSpan(length)[..length];
        bytes.Clear();
        FileStat stat = entry.Stat;
        ReadOnlySpan<uint> fields =
        [
            stat.ChangedSeconds, stat.ChangedNanoseconds, stat.ModifiedSeconds, stat.ModifiedNanoseconds, stat.Device, stat.Inode,
            entry.Kind, stat.User, stat.Group, stat.Size,
        ];
        for (int i = 0; i < fields.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes[(4 * i)..], fields[i]);
        }

        entry.Oid.CopyTo(bytes[40..]);
        ushort flags = (ushort)(Math.Min(path.Length, NameMask) | (entry.Left ? Extended : 0));
        BinaryPrimitives.WriteUInt16BigEndian(bytes[60..], flags);
        if (entry.Left)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes[62..], SkipWorktree);
        }

        path.CopyTo(bytes[head..]);
        output.Advance(length);
    }

    /// <summary>gitformat-index, "Cache tree": <c>name NUL entries SP folders LF oid</c>, then the folders.</summary>
    private static void WriteTree(ArrayBufferWriter<byte> output, IndexTree tree)
    {
        output.Write(tree.Name.Span);
        output.Write("\0"u8);
        output.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{tree.Entries} {tree.Folders.Count}\n")));
        tree.Oid.CopyTo(output.GetSpan(Oid.Length));
        output.Advance(Oid.Length);
        foreach (IndexTree folder in tree.Folders)
        {
            WriteTree(output, folder);
        }
    }

    private static void WriteNumber(ArrayBufferWriter<byte> output, uint number)
    {
        BinaryPrimitives.WriteUInt32BigEndian(output.GetSpan(4), number);
        output.Advance(4);
    }
}
