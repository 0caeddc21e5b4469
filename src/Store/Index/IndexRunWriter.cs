using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Actors.Git.Objects;

namespace Actors.Store.Index;

/// <summary>
/// Writes a run from oids in order, in bounded memory: filter, fan-out and records all grow in the order of the oids.
/// Written to a temporary file, which <see cref="Complete"/> renames; not flushed to the disk yet.
/// </summary>
internal sealed class IndexRunWriter : IDisposable
{
    private readonly string _path;
    private readonly long _sequence;
    private readonly string _temporaryPath;
    private readonly FileStream _file;
    private readonly SectionWriter _filter;
    private readonly SectionWriter _fanOut;
    private readonly SectionWriter _records;
    private readonly IndexRunHeader _shape;
    private readonly uint _packsChecksum;
    private Vector256<uint> _block;
    private ulong _blockIndex;
    private ulong _bucket;
    private long _count;
    private Oid _last;
    private ulong _lastPrefix;

    /// <summary>Begins a run.</summary>
    /// <param name="path">The file to be.</param>
    /// <param name="sequence">Names the run among those of its index.</param>
    /// <param name="countMax">At most so many oids will come; the nearer, the better the filter and the fan-out.</param>
    /// <param name="packNumbers">The packs, named in <see cref="Append"/> by their place.</param>
    /// <param name="options">Density of the filter.</param>
    public IndexRunWriter(string path, long sequence, long countMax, ReadOnlySpan<long> packNumbers, ObjectIndexOptions options)
    {
        (_path, _sequence) = (path, sequence);
        _shape = IndexRunHeader.ForCount(countMax, packNumbers.Length, options.FilterBitsPerOid);
        _temporaryPath = path + ".tmp";
        _file = new FileStream(_temporaryPath, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1);
        ReadOnlySpan<byte> packs = MemoryMarshal.AsBytes(packNumbers);
        RandomAccess.Write(_file.SafeFileHandle, packs, _shape.PacksOffset);
        _packsChecksum = Crc32C.Of(packs);
        _filter = new SectionWriter(_file.SafeFileHandle, IndexRunHeader.Bytes);
        _fanOut = new SectionWriter(_file.SafeFileHandle, _shape.FanOutOffset);
        _records = new SectionWriter(_file.SafeFileHandle, _shape.RecordsOffset);
    }

    /// <summary>Writes a run of one pack's oids, which come in order. Null when there are none.</summary>
    public static IndexRun? Write(string path, long sequence, ReadOnlySpan<Oid> oids, long packNumber, ObjectIndexOptions options)
    {
        using var writer = new IndexRunWriter(path, sequence, oids.Length, [packNumber], options);
        foreach (ref readonly Oid oid in oids)
        {
            writer.Append(oid, 0);
        }

        return writer.Complete();
    }

    /// <summary>Writes a run of what is in a memory table; by the table's writer. Null when it is empty.</summary>
    /// <param name="path">The file to be.</param>
    /// <param name="sequence">Names the run among those of its index.</param>
    /// <param name="memory">Its packs get the numbers given, in the order of <see cref="MemoryTable.Packs"/>.</param>
    /// <param name="packNumbers">As many as the table has packs.</param>
    /// <param name="options">Density of the filter.</param>
    public static IndexRun? Write(string path, long sequence, MemoryTable memory, ReadOnlySpan<long> packNumbers, ObjectIndexOptions options)
    {
        if (memory.Count == 0)
        {
            return null;
        }

        var places = new Dictionary<int, int>();
        for (int place = 0; place < packNumbers.Length; place++)
        {
            places.Add(memory.Packs[place], place);
        }

        (Oid[] oids, int[] handles) = memory.Sorted();
        using var writer = new IndexRunWriter(path, sequence, oids.Length, packNumbers, options);
        for (int i = 0; i < oids.Length; i++)
        {
            writer.Append(oids[i], places[handles[i]]);
        }

        return writer.Complete();
    }

    /// <summary>Adds a record; a repeated oid is dropped.</summary>
    /// <exception cref="ArgumentException">The oid is not in order.</exception>
    public void Append(in Oid oid, int packPlace)
    {
        ulong prefix = oid.Prefix;
        if (prefix <= _lastPrefix && !IsNext(oid))
        {
            return;
        }

        ulong block = FilterBlock.IndexOf(prefix, (ulong)_shape.FilterBlocks);
        if (block != _blockIndex)
        {
            FinishBlocks(block);
        }

        _block |= FilterBlock.MaskOf(Unsafe.As<Oid, uint>(ref Unsafe.AddByteOffset(ref Unsafe.AsRef(in oid), sizeof(ulong))));
        FinishBuckets((prefix >> (64 - _shape.FanOutBits)) + 1);

        Span<byte> record = _records.Take(_shape.Stride);
        oid.CopyTo(record);
        switch (_shape.PackWidth)
        {
            case 0:
                break;
            case 1:
                record[Oid.Length] = (byte)packPlace;
                break;
            case 2:
                MemoryMarshal.Write(record[Oid.Length..], (ushort)packPlace);
                break;
            default:
                MemoryMarshal.Write(record[Oid.Length..], packPlace);
                break;
        }

        _last = oid;
        _lastPrefix = prefix;
        _count++;
    }

    /// <summary>Ends the run: under its name, and open. Null when nothing was appended.</summary>
    public IndexRun? Complete()
    {
        if (_count == 0)
        {
            return null;
        }

        FinishBlocks((ulong)_shape.FilterBlocks);
        FinishBuckets((1UL << _shape.FanOutBits) + 1);
        IndexRunHeader header = _shape with
        {
            Count = _count,
            FilterChecksum = _filter.Finish(),
            FanOutChecksum = _fanOut.Finish(),
            PacksChecksum = _packsChecksum,
            RecordsChecksum = _records.Finish(),
        };
        byte[] page = new byte[IndexRunHeader.Bytes];
        header.Write(page);
        RandomAccess.Write(_file.SafeFileHandle, page, 0);
        _file.Dispose();
        File.Move(_temporaryPath, _path, overwrite: true);
        return IndexRun.Open(_path, _sequence, isOwn: true);
    }

    /// <summary>Without <see cref="Complete"/>: nothing remains.</summary>
    public void Dispose()
    {
        _file.Dispose();
        File.Delete(_temporaryPath);
    }

    /// <summary>Compares where the first eight bytes do not decide. False: the last one again.</summary>
    private bool IsNext(in Oid oid)
    {
        if (_count > 0 && oid < _last)
        {
            throw new ArgumentException("Oids of an index run come in order.", nameof(oid));
        }

        return _count == 0 || oid != _last;
    }

    /// <summary>Writes all blocks before <paramref name="end"/>.</summary>
    private void FinishBlocks(ulong end)
    {
        while (_blockIndex < end)
        {
            _block.AsByte().CopyTo(_filter.Take(FilterBlock.Bytes));
            _block = default;
            _blockIndex++;
        }
    }

    /// <summary>Writes the first index of all buckets before <paramref name="end"/> that have none yet: the next record's.</summary>
    private void FinishBuckets(ulong end)
    {
        while (_bucket < end)
        {
            MemoryMarshal.Write(_fanOut.Take(sizeof(uint)), (uint)_count);
            _bucket++;
        }
    }
}
