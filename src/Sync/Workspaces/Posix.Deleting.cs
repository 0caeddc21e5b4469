using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Actors.Sync.Workspaces;

/// <summary>Deleting by raw bytes of names: .NET cannot name files whose names are not UTF-8.</summary>
internal static unsafe partial class Posix
{
    private const int RemoveFolder = 0x200;
    private const int IsFolder = 21;
    private const int NotPermitted = 1;
    private const int DirentBytes = 1 << 16;
    private const int DirentName = 19;
    private const int DirentLength = 16;

    /// <summary>Open a folder, and nothing through a link: two flags whose numbers depend on the processor.</summary>
    private static readonly int FolderOnly = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x4000 | 0x8000 : 0x10000 | 0x20000;

    /// <summary>Deletes a folder with all that is in it; links are removed, not followed.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="last">What in it goes last, so that what is left can be recognised as long as anything is.</param>
    public static void DeleteTree(string path, string last)
    {
        int folder = OpenFolder(path);
        try
        {
            byte[] kept = [.. System.Text.Encoding.UTF8.GetBytes(last), 0];
            foreach (byte[] name in Names(folder).OrderBy(name => name.AsSpan().SequenceEqual(kept)))
            {
                Delete(folder, name);
            }
        }
        finally
        {
            _ = close(folder);
        }

        Directory.Delete(path);
    }

    private static void Delete(int folder, byte[] name)
    {
        fixed (byte* bytes = name)
        {
            if (unlinkat(folder, bytes, 0) == 0)
            {
                return;
            }

            if (Marshal.GetLastPInvokeError() is not (IsFolder or NotPermitted))
            {
                throw Failure("delete", name);
            }

            int inner = openat(folder, bytes, CloseOnExec | FolderOnly, 0);
            if (inner < 0)
            {
                throw Failure("open", name);
            }

            try
            {
                foreach (byte[] one in Names(inner))
                {
                    Delete(inner, one);
                }
            }
            finally
            {
                _ = close(inner);
            }

            if (unlinkat(folder, bytes, RemoveFolder) != 0)
            {
                throw Failure("delete", name);
            }
        }
    }

    /// <summary>getdents64(2): inode and offset (8 bytes each), length of the record (2), type (1), name, NUL.</summary>
    private static List<byte[]> Names(int folder)
    {
        List<byte[]> names = [];
        byte[] buffer = new byte[DirentBytes];
        fixed (byte* start = buffer)
        {
            nint length;
            while ((length = getdents64(folder, start, DirentBytes)) > 0)
            {
                for (int at = 0; at < length; at += BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + DirentLength)))
                {
                    ReadOnlySpan<byte> name = buffer.AsSpan(at + DirentName);
                    name = name[..(name.IndexOf((byte)0) + 1)];
                    if (!name.SequenceEqual(".\0"u8) && !name.SequenceEqual("..\0"u8))
                    {
                        names.Add(name.ToArray());
                    }
                }
            }

            return length == 0 ? names : throw Failure("list", "a folder");
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unlinkat(int folder, byte* path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint getdents64(int folder, byte* buffer, nint count);
}
