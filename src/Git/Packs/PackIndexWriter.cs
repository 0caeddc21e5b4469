using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Actors.Git.Objects;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Git.Packs;

/// <summary>Writes pack indexes (gitformat-pack, "version 2 pack-*.idx files"), byte for byte as <c>git index-pack</c> does.</summary>
public static class PackIndexWriter
{
    private const int BufferLength = 64 << 10;

    /// <summary>Sorts the entries by oid and writes the index to a new file.</summary>
    /// <param name="path">Must not exist.</param>
    /// <param name="entries">Sorted in place. Each oid once.</param>
    /// <param name="packChecksum">The pack's trailer.</param>
    /// <param name="fsync">Flush to the disk.</param>
    /// <exception cref="GitFormatException"><see cref="GitFormatError.Pack"/>: an oid is there twice.</exception>
    public static void Write(string path, Span<PackIndexEntry> entries, Oid packChecksum, bool fsync)
    {
        PackIndexSort.Sort(entries);
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        Write(file, entries, packChecksum, PackIndex.LargeOffset);
        if (fsync)
        {
            file.Flush(flushToDisk: true);
        }
    }

    /// <summary>Writes the index of sorted entries.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="sorted">By oid, each once.</param>
    /// <param name="packChecksum">The pack's trailer.</param>
    /// <param name="largeOffsetMin">Offsets from here on go to the table of 64-bit offsets: 2^31, lowered only by tests, as git's own <c>--index-version=2,OFFSET</c> does.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Write(Stream destination, ReadOnlySpan<PackIndexEntry> sorted, Oid packChecksum, long largeOffsetMin)
    {
        using var writer = new Output(destination);
        writer.Add([0xff, (byte)'t', (byte)'O', (byte)'c', 0, 0, 0, 2]);
        for (int first = 0, position = 0; first < 256; first++)
        {
            while (position < sorted.Length && (int)(sorted[position].Oid.Prefix >> 56) == first)
            {
                position++;
            }

            writer.Add32((uint)position);
        }

        foreach (ref readonly PackIndexEntry entry in sorted)
        {
            entry.Oid.CopyTo(writer.Room(Oid.Length));
        }

        foreach (ref readonly PackIndexEntry entry in sorted)
        {
            writer.Add32(entry.Crc);
        }

        uint large = 0;
        foreach (ref readonly PackIndexEntry entry in sorted)
        {
            writer.Add32(entry.Offset < largeOffsetMin ? (uint)entry.Offset : PackIndex.LargeOffset | large++);
        }

        foreach (ref readonly PackIndexEntry entry in sorted)
        {
            if (entry.Offset >= largeOffsetMin)
            {
                BinaryPrimitives.WriteInt64BigEndian(writer.Room(8), entry.Offset);
            }
        }

        packChecksum.CopyTo(writer.Room(Oid.Length));
        writer.Finish();
    }

    /// <summary>A buffer before the file that hashes what passes.</summary>
    private sealed class Output(Stream destination) : IDisposable
    {
        private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        private int _used;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Span<byte> Room(int count)
        {
            if (_used + count > BufferLength)
            {
                Flush();
            }

            _used += count;
            return _buffer.AsSpan(_used - count, count);
        }

        public void Add(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Room(bytes.Length));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Room(4), value);

        public void Finish()
        {
            Flush();
            destination.Write(_hash.GetHashAndReset());
            destination.Flush();
        }

        public void Dispose()
        {
            _hash.Dispose();
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        private void Flush()
        {
            _hash.AppendData(_buffer, 0, _used);
            destination.Write(_buffer, 0, _used);
            _used = 0;
        }
    }
}
