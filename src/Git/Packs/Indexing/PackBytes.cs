using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Actors.Git.Packs.Indexing;

/// <summary>
/// The bytes of the pack that is being indexed, for scanning and for inflating again: in memory, or mapped from the file,
/// never copied. While the file grows each scanning thread maps the part that it needs.
/// </summary>
internal sealed unsafe class PackBytes : IDisposable
{
    private readonly SafeFileHandle? _file;
    private MemoryMappedViewAccessor? _view;
    private byte* _all;

    /// <param name="file">The file that the bytes are, or will be, in.</param>
    public PackBytes(SafeFileHandle file) => _file = file;

    /// <param name="all">All bytes of a pack in memory, pinned by the caller.</param>
    /// <param name="file">The file that holds them too, for <see cref="MapAll"/>; or null.</param>
    public PackBytes(byte* all, SafeFileHandle? file)
    {
        _all = all;
        _file = file;
    }

    /// <summary>First byte of the pack, all of it in place; only after <see cref="MapAll"/> or for a pack in memory.</summary>
    public byte* All => _all;

    /// <summary>Says where the bytes of a pack in memory are now.</summary>
    public void Move(byte* all) => _all = all;

    /// <summary>Maps the whole file as it is now; nothing for a pack that is only in memory.</summary>
    public void MapAll(long length)
    {
        if (_file is null)
        {
            return;
        }

        Unmap();
        _view = View(0, length);
        byte* pointer = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        _all = pointer + _view.PointerOffset;
    }

    /// <summary>A part for one thread. The file is at least <paramref name="end"/> long.</summary>
    public Window Open(long from, long end) => _all != null ? new Window(_all) : new Window(View(from, end), from);

    public void Dispose() => Unmap();

    private MemoryMappedViewAccessor View(long from, long end)
    {
        using var file = MemoryMappedFile.CreateFromFile(
            _file!, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        return file.CreateViewAccessor(from, end - from, MemoryMappedFileAccess.Read);
    }

    private void Unmap()
    {
        if (_view is not null)
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _view = null;
            _all = null;
        }
    }

    /// <summary>Bytes of the pack, addressed by their offset in it.</summary>
    public readonly struct Window : IDisposable
    {
        private readonly MemoryMappedViewAccessor? _view;

        public Window(byte* all) => Base = all;

        public Window(MemoryMappedViewAccessor view, long from)
        {
            _view = view;
            byte* pointer = null;
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
            Base = pointer + view.PointerOffset - from;
        }

        /// <summary>Where byte 0 of the pack would be: add only offsets of the part that was opened.</summary>
        public byte* Base { get; }

        public void Dispose()
        {
            _view?.SafeMemoryMappedViewHandle.ReleasePointer();
            _view?.Dispose();
        }
    }
}
