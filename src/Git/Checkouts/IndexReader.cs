using System.Buffers.Binary;
using System.Security.Cryptography;
using Actors.Git.Objects;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Git.Checkouts;

/// <summary>Reads the entries of git's index (gitformat-index), versions 2 and 3; extensions are passed over.</summary>
public static class IndexReader
{
    private const int HeaderBytes = 12;
    private const int FixedBytes = 62;
    private const int ChecksumBytes = 20;
    private const int ExtendedFlag = 0x4000;
    private const int SkipWorktree = 0x4000;

    /// <summary>The entries, in the index's order. Those that are <c>skip-worktree</c> are <see cref="IndexEntry.Left"/>.</summary>
    /// <param name="index">The whole file; entries' paths are parts of it.</param>
    /// <returns>Null: an index of another version, which is not read here.</returns>
    /// <exception cref="GitFormatException">It is cut off, does not fit its checksum, or is no index.</exception>
    public static IReadOnlyList<IndexEntry>? Read(ReadOnlyMemory<byte> index)
    {
        ReadOnlySpan<byte> bytes = index.Span;
        if (bytes.Length < HeaderBytes + ChecksumBytes || !bytes.StartsWith("DIRC"u8))
        {
            throw new GitFormatException(GitFormatError.Truncated, "an index begins with DIRC and ends with a checksum", 0);
        }

        // index.skipHash: no checksum is twenty zeros.
        ReadOnlySpan<byte> checksum = bytes[^ChecksumBytes..];
        if (checksum.ContainsAnyExcept((byte)0) && !SHA1.HashData(bytes[..^ChecksumBytes]).AsSpan().SequenceEqual(checksum))
        {
            throw new GitFormatException(GitFormatError.Checksum, "the index does not fit its checksum", bytes.Length - ChecksumBytes);
        }

        if (Number(bytes, 4) is not (2 or 3))
        {
            return null;
        }

        uint count = Number(bytes, 8);
        int at = HeaderBytes;
        int end = bytes.Length - ChecksumBytes;
        if (count > (end - at) / FixedBytes)
        {
            throw Truncated(at);
        }

        var entries = new IndexEntry[count];
        for (int i = 0; i < entries.Length; i++)
        {
            (entries[i], at) = ReadEntry(index[..end], at);
        }

        return entries;
    }

    private static (IndexEntry Entry, int Next) ReadEntry(ReadOnlyMemory<byte> index, int at)
    {
        ReadOnlySpan<byte> bytes = index.Span;
        if (bytes.Length - at < FixedBytes + 2)
        {
            throw Truncated(at);
        }

        bool extended = (BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 60)..]) & ExtendedFlag) != 0;
        int name = at + FixedBytes + (extended ? 2 : 0);
        int length = bytes[name..].IndexOf((byte)0);
        int next = at + ((name - at + length + 8) & ~7);
        if (length < 0 || next > bytes.Length)
        {
            throw Truncated(at);
        }

        FileStat stat = new()
        {
            ChangedSeconds = Number(bytes, at),
            ChangedNanoseconds = Number(bytes, at + 4),
            ModifiedSeconds = Number(bytes, at + 8),
            ModifiedNanoseconds = Number(bytes, at + 12),
            Device = Number(bytes, at + 16),
            Inode = Number(bytes, at + 20),
            User = Number(bytes, at + 28),
            Group = Number(bytes, at + 32),
            Size = Number(bytes, at + 36),
        };
        bool left = extended && (BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + FixedBytes)..]) & SkipWorktree) != 0;
        return (new IndexEntry(index.Slice(name, length), Number(bytes, at + 24), Oid.FromBytes(bytes.Slice(at + 40, Oid.Length)), stat, left), next);
    }

    private static uint Number(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);

    private static GitFormatException Truncated(int at) => new(GitFormatError.Truncated, "the index ends within its entries", at);
}
