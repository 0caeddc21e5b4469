using System.IO.MemoryMappedFiles;
using Actors.Git.Objects;

namespace Actors.Store.Index;

/// <summary>
/// One immutable run of the object index, mapped: oids in order, each with its pack. Counts its users; the last one unmaps it.
/// </summary>
internal sealed unsafe partial class IndexRun
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _filter;
    private readonly uint* _fanOut;
    private readonly byte* _records;
    private readonly byte* _start;
    private readonly IndexRunHeader _header;
    private readonly long[] _packNumbers;
    private bool _isVerified;
    private bool _isDurable;
    private int _users = 1;
    private IDisposable? _keeper;

    private IndexRun(MemoryMappedFile file, long fileBytes, string path, long sequence, bool isOwn)
    {
        (_isVerified, _isDurable) = (isOwn, !isOwn);
        _file = file;
        _view = file.CreateViewAccessor(0, fileBytes, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        try
        {
            _header = IndexRunHeader.Read(new ReadOnlySpan<byte>(_start, IndexRunHeader.Bytes), fileBytes);
            _filter = _start + IndexRunHeader.Bytes;
            _fanOut = (uint*)(_start + _header.FanOutOffset);
            _records = _start + _header.RecordsOffset;
            CheckSection(_header.PacksOffset, _header.PacksBytes, _header.PacksChecksum);
            _packNumbers = new ReadOnlySpan<long>(_start + _header.PacksOffset, _header.PackCount).ToArray();
        }
        catch
        {
            Unmap();
            throw;
        }

        (Path, Sequence) = (path, sequence);
    }

    /// <summary>Names the run among those of its index.</summary>
    public long Sequence { get; }

    /// <summary>The file.</summary>
    public string Path { get; }

    public long Count => _header.Count;

    public long FileBytes => _header.FileBytes;

    /// <summary>Binds the manifest to this very file.</summary>
    public uint Checksum => Crc32C.Of(new ReadOnlySpan<byte>(_start, IndexRunHeader.Bytes));

    /// <summary>Numbers of the packs that records name by their place in this list.</summary>
    public ReadOnlySpan<long> PackNumbers => _packNumbers;

    /// <summary>Maps a run.</summary>
    /// <param name="path">The file; it may be removed while it is mapped.</param>
    /// <param name="sequence">Names the run among those of its index.</param>
    /// <param name="isOwn">This process has just written it: whole, but not flushed to the disk.</param>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="IOException">It is not there or cannot be read.</exception>
    public static IndexRun Open(string path, long sequence, bool isOwn = false)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        long fileBytes = stream.Length;
        if (fileBytes < IndexRunHeader.Bytes)
        {
            stream.Dispose();
            throw new InvalidDataException("An index run is cut off.");
        }

        var file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        return new IndexRun(file, fileBytes, path, sequence, isOwn);
    }

    /// <summary>Reads the whole run against its checksums, once.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public void Verify()
    {
        if (_isVerified)
        {
            return;
        }

        CheckSection(IndexRunHeader.Bytes, _header.FilterBytes, _header.FilterChecksum);
        CheckSection(_header.FanOutOffset, _header.FanOutBytes, _header.FanOutChecksum);
        CheckSection(_header.RecordsOffset, _header.RecordsBytes, _header.RecordsChecksum);
        _isVerified = true;
    }

    /// <summary>Flushes the file to the disk, once.</summary>
    public void MakeDurable()
    {
        if (!_isDurable)
        {
            using var file = new FileStream(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 1);
            RandomAccess.FlushToDisk(file.SafeFileHandle);
            _isDurable = true;
        }
    }

    /// <summary>Something that keeps the file in its place: disposed when the run is used no more.</summary>
    public void KeepWith(IDisposable keeper) => _keeper = keeper;

    public void AddUser() => Interlocked.Increment(ref _users);

    public void RemoveUser()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            Unmap();
        }
    }

    /// <summary>Reads the records in order. The caller keeps the run open.</summary>
    public IndexRunCursor ReadAll(int[] placeOfPlace) =>
        new(_records, _records + _header.RecordsBytes, _header.PackWidth, placeOfPlace);

    private void Unmap()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
        _keeper?.Dispose();
    }

    private int PackPlaceOf(byte* record) => _header.PackWidth switch
    {
        0 => 0,
        1 => record[Oid.Length],
        2 => *(ushort*)(record + Oid.Length),
        _ => *(int*)(record + Oid.Length),
    };

    private void CheckSection(long offset, long length, uint expected)
    {
        Crc32C crc = Crc32C.Start();
        while (length > 0)
        {
            int piece = (int)Math.Min(length, 1 << 20);
            crc.Append(new ReadOnlySpan<byte>(_start + offset, piece));
            offset += piece;
            length -= piece;
        }

        if (crc.Value != expected)
        {
            throw new InvalidDataException($"Index run {Sequence} is damaged.");
        }
    }
}
