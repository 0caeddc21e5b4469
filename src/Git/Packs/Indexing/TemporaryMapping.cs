using System.IO.MemoryMappedFiles;

namespace Actors.Git.Packs.Indexing;

/// <summary>
/// Writable memory backed by a file that has no name any more: for single objects too large to be held as anonymous
/// memory. The kernel may write it out and take the memory back; nothing is left after a crash.
/// </summary>
internal sealed unsafe class TemporaryMapping : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    /// <summary>Maps that many bytes of a new file in a folder.</summary>
    public TemporaryMapping(string folder, long length)
    {
        string path = Path.Combine(folder, Path.GetRandomFileName() + ".tmp");
        var stream = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, bufferSize: 0);
        File.Delete(path);
        _file = MemoryMappedFile.CreateFromFile(stream, null, length, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, length);
        byte* pointer = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        Start = pointer + _view.PointerOffset;
    }

    public byte* Start { get; }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
