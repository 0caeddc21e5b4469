using System.Buffers;
using Actors.Git.Objects;
using Actors.Git.Packs.Compression;

namespace Actors.Git.Packs;

/// <summary>
/// A pack file, memory-mapped, read by offset. Every size, base and depth is checked: a pack damaged on disk raises
/// <see cref="GitFormatException"/>. Safe for any number of readers; dispose it when nobody reads it any more.
/// </summary>
public sealed unsafe class PackFile : IDisposable
{
    /// <summary>Deltas from an object to its whole base; what <see cref="PackLimits.DeltaDepthMax"/> lets in can be read.</summary>
    private const int DepthMax = 10_000;

    private readonly MappedFile _file;
    private readonly DeltaBaseCache? _cache;
    private readonly long _end;

    private PackFile(MappedFile file, DeltaBaseCache? cache)
    {
        (_file, _cache) = (file, cache);
        ObjectCount = PackFormat.ReadHeader(new ReadOnlySpan<byte>(file.Start, (int)Math.Min(file.Length, PackFormat.HeaderLength)));
        _end = file.Length - PackFormat.TrailerLength;
        if (_end < PackFormat.HeaderLength || ObjectCount > (_end - PackFormat.HeaderLength) / PackFormat.EntryLengthMin)
        {
            throw new GitFormatException(GitFormatError.Truncated, $"A pack of {ObjectCount} entries cannot have {file.Length} bytes", file.Length);
        }

        Checksum = Oid.FromBytes(new ReadOnlySpan<byte>(file.Start + _end, Oid.Length));
    }

    /// <summary>Bytes of the file.</summary>
    public long Length => _file.Length;

    /// <summary>Where the last entry ends and the trailer begins.</summary>
    public long EntriesEnd => _end;

    /// <summary>Entries, as the header says.</summary>
    public uint ObjectCount { get; }

    /// <summary>The trailer. Not verified here.</summary>
    public Oid Checksum { get; }

    /// <summary>Opens a pack; checks header and size only.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cache">Where bases of deltas are kept for the next reads; null: nowhere.</param>
    /// <exception cref="GitFormatException">Not a pack.</exception>
    public static PackFile Open(string path, DeltaBaseCache? cache = null)
    {
        var file = new MappedFile(path);
        try
        {
            return new PackFile(file, cache);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads the header of the entry at an offset.</summary>
    /// <exception cref="GitFormatException">There is none.</exception>
    public PackEntry ReadEntry(long offset)
    {
        if (offset < PackFormat.HeaderLength || offset >= _end)
        {
            throw new GitFormatException(GitFormatError.Pack, "An entry is said to be outside its pack", offset);
        }

        int length = PackEntryHeader.Read(Span(offset, Math.Min(offset + PackEntryHeader.LengthMax, _end)), offset, out PackEntryHeader header);
        return length > 0
            ? new PackEntry(header, offset, offset + length)
            : throw new GitFormatException(GitFormatError.Truncated, "A pack ends within an entry's header", offset);
    }

    /// <summary>Bytes as they stand in the file: from an entry's offset, or its data offset, to the next entry's offset. Valid until the pack is disposed.</summary>
    public ReadOnlySpan<byte> Bytes(long offset, long end)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, end);
        return Span(offset, end);
    }

    /// <summary>CRC-32 of bytes of the file, as a pack index has it for an entry from its offset to the next entry's.</summary>
    public uint ComputeCrc(long offset, long end)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, Length);
        uint crc = 0;
        for (int part; offset < end; offset += part)
        {
            part = (int)Math.Min(end - offset, 1 << 30);
            crc = ZlibLibrary.Current.Crc32(crc, _file.Start + offset, part);
        }

        return crc;
    }

    /// <summary>Reads the object at an offset, through its deltas.</summary>
    /// <param name="offset">Where its entry starts.</param>
    /// <param name="contentBytesMax">A longer object is refused before memory is taken.</param>
    /// <param name="resolveBase">Offset in this pack of an oid that a delta names, or -1; null: such deltas cannot be read.</param>
    /// <exception cref="GitFormatException">Damaged, or longer than allowed.</exception>
    public GitObject ReadObject(long offset, long contentBytesMax, Func<Oid, long>? resolveBase = null)
    {
        // 1. Down the deltas to a whole object, or to one that the cache has.
        var deltas = new Stack<PackEntry>();
        PackEntry entry;
        GitObject? found;
        while ((found = _cache?.Find(this, offset)) is null)
        {
            entry = ReadEntry(offset);
            if (!entry.Header.IsDelta)
            {
                found = new GitObject(entry.Header.ObjectType, Inflate(entry, contentBytesMax));
                if (deltas.Count > 0)
                {
                    _cache?.Add(this, offset, found);
                }

                break;
            }

            if (deltas.Count == DepthMax)
            {
                throw new GitFormatException(GitFormatError.Delta, $"More than {DepthMax} deltas follow one another", offset);
            }

            deltas.Push(entry);
            offset = BaseOffset(entry, resolveBase);
        }

        // 2. Up again, delta by delta.
        while (deltas.TryPop(out entry))
        {
            found = new GitObject(found.Type, Apply(found.Content.Span, entry, contentBytesMax));
            if (deltas.Count > 0)
            {
                _cache?.Add(this, entry.Offset, found);
            }
        }

        return found.Content.Length <= contentBytesMax
            ? found
            : throw new GitFormatException(GitFormatError.OverLimit, $"An object has {found.Content.Length} bytes", offset);
    }

    /// <summary>The type of the object at an offset: headers only, nothing is inflated.</summary>
    /// <param name="offset">Where its entry starts.</param>
    /// <param name="resolveBase">As for <see cref="ReadObject"/>.</param>
    public ObjectType ReadTypeAt(long offset, Func<Oid, long>? resolveBase = null)
    {
        for (int depth = 0; depth <= DepthMax; depth++)
        {
            PackEntry entry = ReadEntry(offset);
            if (!entry.Header.IsDelta)
            {
                return entry.Header.ObjectType;
            }

            offset = BaseOffset(entry, resolveBase);
        }

        throw new GitFormatException(GitFormatError.Delta, $"More than {DepthMax} deltas follow one another", offset);
    }

    /// <summary>Finds where an entry ends by inflating it; prefer the next entry's offset where it is known.</summary>
    public long FindEnd(PackEntry entry)
    {
        byte[] scratch = ArrayPool<byte>.Shared.Rent(1 << 16);
        Inflater inflater = Inflater.Rent();
        try
        {
            fixed (byte* room = scratch)
            {
                byte* from = _file.Start + entry.DataOffset;
                while (true)
                {
                    byte* before = from;
                    byte* to = room;
                    InflateStatus status = inflater.Inflate(ref from, _file.Start + _end, ref to, room + scratch.Length, whole: false);
                    if (status == InflateStatus.End)
                    {
                        return from - _file.Start;
                    }

                    if (status == InflateStatus.Damaged || (from == before && to == room))
                    {
                        throw Damaged(entry);
                    }
                }
            }
        }
        finally
        {
            Inflater.Return(inflater);
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cache?.Remove(this);
        _file.Dispose();
    }

    private static GitFormatException Damaged(PackEntry entry) =>
        new(GitFormatError.Compression, $"The zlib stream of an entry of {entry.Header.Size} bytes is damaged", entry.DataOffset);

    private static long BaseOffset(PackEntry entry, Func<Oid, long>? resolveBase)
    {
        if (entry.Header.Type == PackEntryType.OfsDelta)
        {
            return entry.BaseOffset;
        }

        long offset = resolveBase?.Invoke(entry.Header.BaseOid) ?? -1;
        return offset >= 0
            ? offset
            : throw new GitFormatException(GitFormatError.Delta, $"A delta's base {entry.Header.BaseOid} is not in the pack", entry.Offset);
    }

    private ReadOnlySpan<byte> Span(long offset, long end) => new(_file.Start + offset, checked((int)(end - offset)));

    private byte[] Inflate(PackEntry entry, long bytesMax)
    {
        long size = CheckSize(entry, bytesMax);
        byte[] whole = GC.AllocateUninitializedArray<byte>((int)size);
        byte[] room = ArrayPool<byte>.Shared.Rent((int)size + Inflater.Slack);
        try
        {
            InflateInto(entry, size, room);
            room.AsSpan(0, (int)size).CopyTo(whole);
            return whole;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    private byte[] Apply(ReadOnlySpan<byte> source, PackEntry entry, long bytesMax)
    {
        long size = CheckSize(entry, Array.MaxLength - Inflater.Slack);
        byte[] room = ArrayPool<byte>.Shared.Rent((int)size + Inflater.Slack);
        try
        {
            InflateInto(entry, size, room);
            return DeltaApplier.Apply(source, room.AsSpan(0, (int)size), bytesMax);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    private long CheckSize(PackEntry entry, long bytesMax)
    {
        long size = entry.Header.Size;
        if (size > Math.Min(bytesMax, Array.MaxLength - Inflater.Slack))
        {
            throw new GitFormatException(GitFormatError.OverLimit, $"An entry has {size} bytes", entry.Offset);
        }

        return size <= (_end - entry.DataOffset) * Limits.DeflateRatioMax ? size : throw Damaged(entry);
    }

    private void InflateInto(PackEntry entry, long size, byte[] room)
    {
        Inflater inflater = Inflater.Rent();
        try
        {
            fixed (byte* to = room)
            {
                if (inflater.InflateWhole(_file.Start + entry.DataOffset, _file.Start + _end, to, size, out _) != InflateStatus.End)
                {
                    throw Damaged(entry);
                }
            }
        }
        finally
        {
            Inflater.Return(inflater);
        }
    }
}
