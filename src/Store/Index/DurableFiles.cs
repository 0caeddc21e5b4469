using System.Runtime.InteropServices;

namespace Actors.Store.Index;

/// <summary>What .NET's files lack for a rename that survives a power loss.</summary>
public static partial class DurableFiles
{
    /// <summary>Flushes a directory's entries to the disk. Where the system has no such call, renames are durable by themselves.</summary>
    /// <exception cref="IOException">The directory cannot be flushed.</exception>
    public static void FlushDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(directory, 0);
        if (descriptor < 0)
        {
            throw new IOException($"Cannot open the directory {directory}: error {Marshal.GetLastPInvokeError()}.");
        }

        int result = Fsync(descriptor);
        int error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (result != 0)
        {
            throw new IOException($"Cannot flush the directory {directory}: error {error}.");
        }
    }

    /// <summary>Replaces a file's content in one step: a reader and a crash see the old bytes or the new.</summary>
    /// <param name="path">The file; beside it its name with <c>.tmp</c>.</param>
    /// <param name="content">All of it.</param>
    /// <param name="fsync">So that a power loss leaves one of the two as well.</param>
    public static void Replace(string path, ReadOnlySpan<byte> content, bool fsync)
    {
        string temporary = path + ".tmp";
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: fsync);
        }

        File.Move(temporary, path, overwrite: true);
        if (fsync)
        {
            FlushDirectory(Path.GetDirectoryName(path)!);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
