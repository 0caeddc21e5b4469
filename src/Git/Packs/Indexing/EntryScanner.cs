using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Actors.Git.Objects;
using Actors.Git.Packs.Compression;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Git.Packs.Indexing;

/// <summary>
/// Reads pack entries one after the other, each inflated once: whole objects get their oid and references, deltas are
/// kept if there is room. The one parser of packs; a starved entry is begun again when more bytes have come. One a thread.
/// </summary>
internal sealed unsafe class EntryScanner : IDisposable
{
    /// <summary>Larger entries are inflated in parts, or into a buffer of their own.</summary>
    private const int RoomLength = 1 << 20;

    private readonly IndexingCosts _costs;
    private readonly CapturedObjects? _captured;
    private readonly DeltaArena.Cursor? _arena;
    private readonly ReferenceLog? _log;
    private readonly ObjectBuffers _buffers;
    private readonly Inflater _inflater = Inflater.Rent();
    private byte* _room;

    /// <param name="costs">Limits.</param>
    /// <param name="arena">Where deltas are kept, or null.</param>
    /// <param name="listReferences">Whether to list what whole objects refer to.</param>
    /// <param name="captured">Where contents are kept, or null.</param>
    /// <param name="folder">For very large objects.</param>
    public EntryScanner(IndexingCosts costs, DeltaArena? arena, bool listReferences, CapturedObjects? captured, string? folder)
    {
        (_costs, _captured) = (costs, captured);
        _arena = arena is null ? null : new DeltaArena.Cursor(arena);
        _log = listReferences ? new ReferenceLog() : null;
        _buffers = new ObjectBuffers(folder);
        _room = (byte*)NativeMemory.Alloc(RoomLength + ObjectHash.HeaderLengthMax + Inflater.Slack);
    }

    ~EntryScanner() => NativeMemory.Free(_room);

    /// <summary>Goes on with a segment up to the first entry that starts at or after a place.</summary>
    /// <param name="segment">Goes on at its end.</param>
    /// <param name="bytes">The pack's bytes, addressed by offset.</param>
    /// <param name="stop">No entry from here on is read.</param>
    /// <param name="end">No byte from here on may be read.</param>
    /// <param name="countMax">Entries that the segment may have.</param>
    /// <param name="cancellationToken">Looked at once an entry.</param>
    /// <exception cref="GitFormatException">The entry at the segment's end is bad; the entries before it are good.</exception>
    public void Scan(ScanSegment segment, byte* bytes, long stop, long end, long countMax, CancellationToken cancellationToken)
    {
        _log?.Forget();
        while (segment.End < stop && segment.End < end && segment.Entries.Count < countMax)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!ScanEntry(segment, bytes, end))
            {
                segment.Starved = true;
                break;
            }
        }

        if (_log is not null)
        {
            segment.References.AddRange(_log.References);
        }
    }

    public void Dispose()
    {
        Inflater.Return(_inflater);
        _log?.Dispose();
        _buffers.Dispose();
        NativeMemory.Free(_room);
        _room = null;
        GC.SuppressFinalize(this);
    }

    private bool ScanEntry(ScanSegment segment, byte* bytes, long end)
    {
        long at = segment.End;
        var start = new ReadOnlySpan<byte>(bytes + at, (int)Math.Min(PackEntryHeader.LengthMax, end - at));
        int headerLength = PackEntryHeader.Read(start, at, out PackEntryHeader header);
        if (headerLength == 0)
        {
            return false;
        }

        _costs.CheckSize(header.Size, at);
        if (segment.InflatedBytes + header.Size > _costs.InflatedMax(end))
        {
            throw new GitFormatException(GitFormatError.OverLimit, "Entries inflate to far more than was received", at);
        }

        var entry = new IndexedEntry
        {
            Offset = at,
            Size = (uint)header.Size,
            Base = -1,
            FirstChild = -1,
            NextSibling = -1,
            EntryType = header.Type,
            HeaderLength = (byte)headerLength,
        };
        byte* from = bytes + at + headerLength;
        InflateStatus status = header.IsDelta
            ? TakeDelta(ref entry, header, from, bytes + end, out long used)
            : TakeWhole(ref entry, header, from, bytes + end, out used);
        if (status == InflateStatus.More)
        {
            return false;
        }

        if (status == InflateStatus.Damaged)
        {
            throw new GitFormatException(
                GitFormatError.Compression, $"An entry's zlib stream is damaged or has not the {header.Size} bytes announced", at);
        }

        segment.End = at + headerLength + used;
        segment.InflatedBytes += header.Size;
        entry.Crc = ZlibLibrary.Current.Crc32(0, bytes + at, segment.End - at);
        if (header.Type == PackEntryType.RefDelta)
        {
            segment.RefDeltas.Add(new RefDelta(header.BaseOid, segment.Entries.Count));
        }

        segment.Entries.Add(entry);
        return true;
    }

    private InflateStatus TakeDelta(ref IndexedEntry entry, in PackEntryHeader header, byte* from, byte* end, out long used)
    {
        entry.BaseOffset = entry.Offset - header.BaseDistance;
        entry.KeptDelta = null;
        byte* room = _arena == null ? null : _arena.Room(header.Size);
        if (room != null)
        {
            InflateStatus status = _inflater.InflateWhole(from, end, room, header.Size, out used);
            if (status == InflateStatus.End)
            {
                entry.KeptDelta = room;
                _arena!.Keep(header.Size);
            }

            return status;
        }

        return header.Size <= RoomLength
            ? _inflater.InflateWhole(from, end, _room, header.Size, out used)
            : InflateInParts(from, end, header.Size, null, out used);
    }

    private InflateStatus TakeWhole(ref IndexedEntry entry, in PackEntryHeader header, byte* from, byte* end, out long used)
    {
        entry.Type = header.ObjectType;
        if (header.Size <= RoomLength)
        {
            byte* content = _room + ObjectHash.HeaderLengthMax;
            InflateStatus status = _inflater.InflateWhole(from, end, content, header.Size, out used);
            if (status == InflateStatus.End)
            {
                TakeContent(ref entry, new ObjectBuffer { Content = content, Size = header.Size });
            }

            return status;
        }

        return entry.Type == ObjectType.Blob && _captured is null
            ? TakeLargeBlob(ref entry, from, end, out used)
            : TakeLarge(ref entry, from, end, out used);
    }

    private void TakeContent(ref IndexedEntry entry, in ObjectBuffer buffer)
    {
        entry.Oid = ObjectHash.ComputeInPlace(entry.Type, buffer.Content, buffer.Size);
        _log?.AddObject(entry.Type, buffer);
        _captured?.Add(entry.Offset, entry.Type, buffer.Content, buffer.Size);
    }

    private InflateStatus TakeLarge(ref IndexedEntry entry, byte* from, byte* end, out long used)
    {
        used = 0;
        if (entry.Size > (end - from) * Limits.DeflateRatioMax)
        {
            return InflateStatus.More;
        }

        ObjectBuffer buffer = _buffers.Take(entry.Size, starts: false);
        try
        {
            InflateStatus status = _inflater.InflateWhole(from, end, buffer.Content, entry.Size, out used);
            if (status == InflateStatus.End)
            {
                TakeContent(ref entry, buffer);
            }

            return status;
        }
        finally
        {
            _buffers.Release(ref buffer);
        }
    }

    private InflateStatus TakeLargeBlob(ref IndexedEntry entry, byte* from, byte* end, out long used)
    {
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        Span<byte> scratch = stackalloc byte[ObjectHash.HeaderLengthMax];
        sum.AppendData(scratch[..ObjectHash.WriteHeader(ObjectType.Blob, entry.Size, scratch)]);
        InflateStatus status = InflateInParts(from, end, entry.Size, sum, out used);
        if (status == InflateStatus.End)
        {
            sum.GetHashAndReset(scratch);
            entry.Oid = Oid.FromBytes(scratch);
        }

        return status;
    }

    private InflateStatus InflateInParts(byte* input, byte* inputEnd, long size, IncrementalHash? sum, out long used)
    {
        const int PartLength = 128 << 10;
        _inflater.Reset();
        byte* from = input;
        long made = 0;
        while (true)
        {
            byte* before = from;
            byte* to = _room;
            InflateStatus status = _inflater.Inflate(ref from, inputEnd, ref to, _room + PartLength, whole: false);
            made += to - _room;
            sum?.AppendData(new ReadOnlySpan<byte>(_room, (int)(to - _room)));
            used = from - input;
            if (made > size || status == InflateStatus.Damaged)
            {
                return InflateStatus.Damaged;
            }

            if (status == InflateStatus.End)
            {
                return made == size ? InflateStatus.End : InflateStatus.Damaged;
            }

            if (from == before && to == _room)
            {
                return from == inputEnd ? InflateStatus.More : InflateStatus.Damaged;
            }
        }
    }
}
