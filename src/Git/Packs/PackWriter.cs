using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Actors.Git.Objects;
using Actors.Git.Packs.Compression;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Git.Packs;

/// <summary>
/// Writes a pack (gitformat-pack, version 2) to a stream, front to back: exactly the announced number of entries, then
/// <see cref="FinishAsync"/>. Collects what a <see cref="PackIndexWriter"/> needs. One writer, one caller at a time.
/// </summary>
public sealed class PackWriter : IDisposable
{
    /// <summary>Below what the runtime puts on the heap of large objects.</summary>
    private const int BufferLength = 64 << 10;

    private readonly Stream _destination;
    private readonly uint _count;
    private readonly List<PackIndexEntry> _entries = [];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
    private readonly Deflater _deflater;
    private readonly byte[] _buffer = new byte[BufferLength];
    private int _used;
    private bool _deflaterUsed;
    private uint _crc;

    /// <summary>Begins a pack; nothing is written before the first entry or the end.</summary>
    /// <param name="destination">Written to front to back; not closed here.</param>
    /// <param name="objectCount">Entries that will follow.</param>
    /// <param name="level">zlib level of whole objects.</param>
    public PackWriter(Stream destination, uint objectCount, int level = ZlibCodes.DefaultLevel)
    {
        (_destination, _count) = (destination, objectCount);
        _deflater = ZlibLibrary.Current.CreateDeflater(level);
        PackFormat.WriteHeader(_buffer, objectCount);
        _used = PackFormat.HeaderLength;
        Position = _used;
    }

    /// <summary>Where the next entry starts.</summary>
    public long Position { get; private set; }

    /// <summary>What was written, in order of the file.</summary>
    public IReadOnlyList<PackIndexEntry> Entries => _entries;

    /// <summary>Compresses and writes a whole object; returns its offset.</summary>
    /// <param name="oid">Its id, as the caller knows it.</param>
    /// <param name="type">Its type.</param>
    /// <param name="content">Its content.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public ValueTask<long> WriteObjectAsync(Oid oid, ObjectType type, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        WriteAsync(oid, PackEntryHeader.Whole(type, content.Length), content, cancellationToken);

    /// <summary>Compresses and writes a delta on an object of this pack; returns its offset.</summary>
    /// <param name="oid">The id of what the delta makes.</param>
    /// <param name="baseOffset">Where its base was written.</param>
    /// <param name="delta">See <see cref="DeltaMaker"/>.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public ValueTask<long> WriteDeltaAsync(Oid oid, long baseOffset, ReadOnlyMemory<byte> delta, CancellationToken cancellationToken) =>
        WriteAsync(oid, new PackEntryHeader(PackEntryType.OfsDelta, delta.Length, Position - baseOffset, default), delta, cancellationToken);

    /// <summary>Writes an entry with a new header and the zlib stream of another pack's entry, byte for byte; returns its offset.</summary>
    /// <param name="oid">The object's id.</param>
    /// <param name="header">The header here: a delta may name its base otherwise than in <paramref name="source"/>.</param>
    /// <param name="source">The pack to copy from.</param>
    /// <param name="dataOffset">Where the zlib stream starts there.</param>
    /// <param name="dataEnd">Where it ends: the next entry's offset.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public async ValueTask<long> CopyEntryAsync(
        Oid oid, PackEntryHeader header, PackFile source, long dataOffset, long dataEnd, CancellationToken cancellationToken)
    {
        long offset = BeginEntry(header);
        while (dataOffset < dataEnd)
        {
            int part = (int)Math.Min(dataEnd - dataOffset, _buffer.Length - _used);
            source.Bytes(dataOffset, dataOffset + part).CopyTo(_buffer.AsSpan(_used));
            Advance(part);
            dataOffset += part;
            if (_used == _buffer.Length)
            {
                await FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        return await EndEntryAsync(oid, offset, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes the trailer and flushes to the stream; returns the pack's checksum.</summary>
    /// <exception cref="InvalidOperationException">Not as many entries were written as announced.</exception>
    public async ValueTask<Oid> FinishAsync(CancellationToken cancellationToken)
    {
        if (_entries.Count != _count)
        {
            throw new InvalidOperationException($"{_entries.Count} entries were written, {_count} announced.");
        }

        await FlushAsync(cancellationToken).ConfigureAwait(false);
        byte[] hash = _hash.GetHashAndReset();
        await _destination.WriteAsync(hash, cancellationToken).ConfigureAwait(false);
        await _destination.FlushAsync(cancellationToken).ConfigureAwait(false);
        Position += hash.Length;
        return Oid.FromBytes(hash);
    }

    /// <summary>Writes the index of a finished pack to a new file; the entries are sorted in place for it.</summary>
    /// <param name="path">Must not exist.</param>
    /// <param name="packChecksum">What <see cref="FinishAsync"/> answered.</param>
    /// <param name="fsync">Flush to the disk.</param>
    /// <exception cref="GitFormatException"><see cref="GitFormatError.Pack"/>: an oid is there twice.</exception>
    public void WriteIndex(string path, Oid packChecksum, bool fsync) =>
        PackIndexWriter.Write(path, CollectionsMarshal.AsSpan(_entries), packChecksum, fsync);

    /// <inheritdoc/>
    public void Dispose()
    {
        _deflater.Dispose();
        _hash.Dispose();
    }

    private async ValueTask<long> WriteAsync(Oid oid, PackEntryHeader header, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        long offset = BeginEntry(header);
        int done = 0;
        bool first = true;
        while (!DeflateSome(content.Span, ref done, first))
        {
            first = false;
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        return await EndEntryAsync(oid, offset, cancellationToken).ConfigureAwait(false);
    }

    private long BeginEntry(PackEntryHeader header)
    {
        // Less than a header's room is never left: see EndEntryAsync.
        long offset = Position;
        _crc = 0;
        Advance(header.Write(_buffer.AsSpan(_used)));
        return offset;
    }

    private unsafe void Advance(int count)
    {
        fixed (byte* bytes = _buffer)
        {
            _crc = ZlibLibrary.Current.Crc32(_crc, bytes + _used, count);
        }

        _used += count;
        Position += count;
    }

    private unsafe bool DeflateSome(ReadOnlySpan<byte> content, ref int done, bool first)
    {
        if (first && _deflaterUsed)
        {
            _deflater.Reset();
        }

        _deflaterUsed = true;
        byte nothing;
        fixed (byte* start = content, buffer = _buffer)
        {
            byte* from = start == null ? &nothing : start + done;
            byte* begin = from;
            byte* to = buffer + _used;
            bool complete = _deflater.Deflate(ref from, from + (content.Length - done), ref to, buffer + _buffer.Length);
            done += (int)(from - begin);
            Advance((int)(to - buffer) - _used);
            return complete;
        }
    }

    private async ValueTask<long> EndEntryAsync(Oid oid, long offset, CancellationToken cancellationToken)
    {
        _entries.Add(new PackIndexEntry(oid, _crc, offset));
        if (_buffer.Length - _used < PackEntryHeader.LengthMax + 1)
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        return offset;
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        _hash.AppendData(_buffer, 0, _used);
        await _destination.WriteAsync(_buffer.AsMemory(0, _used), cancellationToken).ConfigureAwait(false);
        _used = 0;
    }
}
