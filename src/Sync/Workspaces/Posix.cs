using System.Runtime.InteropServices;
using Actors.Git.Checkouts;

namespace Actors.Sync.Workspaces;

/// <summary>
/// Calls of the system that .NET does not have: files below an open folder by raw bytes of their names, never through a symbolic
/// link, and what <c>stat</c> says in full, as git's index wants it. Linux only.
/// </summary>
internal static unsafe partial class Posix
{
    private const int WriteOnly = 0x1;
    private const int Create = 0x40;
    private const int Exclusive = 0x80;
    private const int CloseOnExec = 0x80000;
    private const int AtWorkingFolder = -100;
    private const int AtNoFollow = 0x100;
    private const int AtEmptyPath = 0x1000;
    private const uint BasicStats = 0x7ff;
    private const int StatxBytes = 256;
    private const int FileExists = 17;
    private const int Interrupted = 4;
    private const nint CopiedAtOnce = 1 << 30;
    private const int NotEmpty = 39;
    private const int NoEntry = 2;
    private const int OtherFileSystem = 18;
    private const int NotPossible = 22;
    private const int NoSuchCall = 38;
    private const int NotSupported = 95;
    private const int CopyBytes = 1 << 17;
    private const int NotAFolder = 20;

    /// <summary>Opens a folder; below it all else is named.</summary>
    public static int OpenFolder(string path)
    {
        int descriptor = open(path, CloseOnExec);
        return descriptor >= 0 ? descriptor : throw Failure("open", path);
    }

    public static void Close(int descriptor) => _ = close(descriptor);

    /// <summary>Makes a folder that must be new.</summary>
    /// <param name="root">Descriptor of the folder below which it is.</param>
    /// <param name="path">Path from there, ended by NUL.</param>
    public static void MakeFolder(int root, ReadOnlySpan<byte> path)
    {
        if (!TryMakeFolder(root, path))
        {
            throw Failure("mkdir", path);
        }
    }

    /// <summary>Makes a folder; false when something has its name.</summary>
    public static bool TryMakeFolder(int root, ReadOnlySpan<byte> path)
    {
        fixed (byte* name = path)
        {
            return mkdirat(root, name, 0x1ff) == 0 || (Marshal.GetLastPInvokeError() == FileExists ? false : throw Failure("mkdir", path));
        }
    }

    /// <summary>Writes a file that must be new, dates it, and says what git will see of it.</summary>
    /// <param name="root">Descriptor of the folder below which it is.</param>
    /// <param name="path">Path from there, ended by NUL.</param>
    /// <param name="program">Whether it may be run; the process's umask applies.</param>
    /// <param name="content">All of it.</param>
    /// <param name="modifiedSeconds">Its date, in seconds since 1970.</param>
    public static FileStat WriteFile(int root, ReadOnlySpan<byte> path, bool program, ReadOnlySpan<byte> content, long modifiedSeconds)
    {
        int file = CreateFile(root, path, program);
        try
        {
            WriteAll(file, content, path);
            return DateAndStat(file, path, modifiedSeconds);
        }
        finally
        {
            _ = close(file);
        }
    }

    /// <summary>As <see cref="WriteFile"/>, with another file's content: shared with it where the file system can (reflink), else copied by the system.</summary>
    public static FileStat CopyFile(int root, ReadOnlySpan<byte> path, bool program, string source, long modifiedSeconds)
    {
        int file = CreateFile(root, path, program);
        int from = -1;
        try
        {
            from = OpenFolder(source);
            nint copied;
            while ((copied = copy_file_range(from, null, file, null, CopiedAtOnce, 0)) > 0)
            {
            }

            if (copied < 0)
            {
                if (Marshal.GetLastPInvokeError() is not (OtherFileSystem or NoSuchCall or NotSupported or NotPossible))
                {
                    throw Failure("copy", path);
                }

                CopyThroughMemory(from, file, path);
            }

            return DateAndStat(file, path, modifiedSeconds);
        }
        finally
        {
            _ = from < 0 ? 0 : close(from);
            _ = close(file);
        }
    }

    /// <summary>What a file below an open folder is, links not followed; null when nothing is there.</summary>
    public static FileStat? FindStat(int root, ReadOnlySpan<byte> path)
    {
        fixed (byte* name = path)
        {
            byte* answer = stackalloc byte[StatxBytes];
            return statx(root, name, AtNoFollow, BasicStats, answer) == 0 ? Read(answer)
                : Marshal.GetLastPInvokeError() is NoEntry or NotAFolder ? null
                : throw Failure("stat", path);
        }
    }

    /// <summary>Number of the file system that an open folder is on.</summary>
    public static uint DeviceOf(int folder)
    {
        byte none = 0;
        return Stat(folder, &none, AtEmptyPath, "."u8).Device;
    }

    /// <summary>Returns when all that was written to an open folder's file system is on its disk.</summary>
    public static void FlushFileSystem(int folder)
    {
        if (syncfs(folder) != 0)
        {
            throw Failure("flush", "."u8);
        }
    }

    /// <summary>Makes a symbolic link that must be new.</summary>
    public static FileStat WriteLink(int root, ReadOnlySpan<byte> path, ReadOnlySpan<byte> target, long modifiedSeconds)
    {
        fixed (byte* name = path, to = target)
        {
            if (symlinkat(to, root, name) != 0)
            {
                throw Failure("link", path);
            }

            long* times = stackalloc long[4] { modifiedSeconds, 0, modifiedSeconds, 0 };
            _ = utimensat(root, name, times, AtNoFollow);
            return Stat(root, name, AtNoFollow, path);
        }
    }

    /// <summary>Renames a folder to a name that is free or an empty folder's, in one step.</summary>
    /// <returns>False: something is there.</returns>
    public static bool TryRename(string from, string to)
    {
        if (rename(from, to) == 0)
        {
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        return error is FileExists or NotEmpty or NotAFolder ? false : throw Failure("rename", to, error);
    }

    /// <summary>Number of the file at a path on its file system, or null when nothing is there.</summary>
    public static ulong? FindInode(string path)
    {
        byte* answer = stackalloc byte[StatxBytes];
        fixed (byte* name = (byte[])[.. System.Text.Encoding.UTF8.GetBytes(path), 0])
        {
            return statx(AtWorkingFolder, name, AtNoFollow, BasicStats, answer) == 0 ? *(ulong*)(answer + 32) : null;
        }
    }

    /// <summary>Gives a file a name that must be free, in one step.</summary>
    /// <returns>False: something has the name.</returns>
    public static bool TryLink(string file, string name) =>
        link(file, name) == 0 || (Marshal.GetLastPInvokeError() == FileExists ? false : throw Failure("link", name));

    private static int CreateFile(int root, ReadOnlySpan<byte> path, bool program)
    {
        fixed (byte* name = path)
        {
            int file = openat(root, name, WriteOnly | Create | Exclusive | CloseOnExec, program ? 0x1ffu : 0x1b6u);
            return file >= 0 ? file : throw Failure("create", path);
        }
    }

    private static FileStat DateAndStat(int file, ReadOnlySpan<byte> path, long modifiedSeconds)
    {
        long* times = stackalloc long[4] { modifiedSeconds, 0, modifiedSeconds, 0 };
        byte none = 0;
        return futimens(file, times) == 0 ? Stat(file, &none, AtEmptyPath, path) : throw Failure("date", path);
    }

    /// <summary>From where both are now to the end: two file systems share nothing, and not every one copies by itself.</summary>
    private static void CopyThroughMemory(int from, int file, ReadOnlySpan<byte> path)
    {
        byte[] buffer = new byte[CopyBytes];
        fixed (byte* bytes = buffer)
        {
            nint length;
            while ((length = read(from, bytes, CopyBytes)) != 0)
            {
                if (length > 0)
                {
                    WriteAll(file, buffer.AsSpan(0, (int)length), path);
                }
                else if (Marshal.GetLastPInvokeError() != Interrupted)
                {
                    throw Failure("read", path);
                }
            }
        }
    }

    private static void WriteAll(int file, ReadOnlySpan<byte> content, ReadOnlySpan<byte> path)
    {
        fixed (byte* bytes = content)
        {
            for (nint done = 0; done < content.Length;)
            {
                nint written = write(file, bytes + done, content.Length - done);
                if (written < 0 && Marshal.GetLastPInvokeError() != Interrupted)
                {
                    throw Failure("write", path);
                }

                done += Math.Max(0, written);
            }
        }
    }

    /// <summary>statx(2): the one form of stat whose layout is the same on every processor.</summary>
    private static FileStat Stat(int at, byte* name, int flags, ReadOnlySpan<byte> path)
    {
        byte* answer = stackalloc byte[StatxBytes];
        if (statx(at, name, flags, BasicStats, answer) != 0)
        {
            throw Failure("stat", path);
        }

        return Read(answer);
    }

    private static FileStat Read(byte* answer) =>
        new()
        {
            User = *(uint*)(answer + 20),
            Group = *(uint*)(answer + 24),
            Inode = *(uint*)(answer + 32),
            Size = *(uint*)(answer + 40),
            ChangedSeconds = *(uint*)(answer + 96),
            ChangedNanoseconds = *(uint*)(answer + 104),
            ModifiedSeconds = *(uint*)(answer + 112),
            ModifiedNanoseconds = *(uint*)(answer + 120),
            Device = Device(answer),
        };

    /// <summary>The low 32 bits of <c>st_dev</c>, as the C library puts it together.</summary>
    private static uint Device(byte* answer)
    {
        uint major = *(uint*)(answer + 136);
        uint minor = *(uint*)(answer + 140);
        return (minor & 0xff) | ((major & 0xfff) << 8) | ((minor & 0xffffff00) << 12);
    }

    private static IOException Failure(string call, ReadOnlySpan<byte> path)
    {
        int error = Marshal.GetLastPInvokeError();
        return Failure(call, System.Text.Encoding.UTF8.GetString(path.TrimEnd((byte)0)), error);
    }

    private static IOException Failure(string call, string path) => Failure(call, path, Marshal.GetLastPInvokeError());

    private static IOException Failure(string call, string path, int error) => error == FileExists
        ? new IOException($"'{path}' is there already, perhaps under a name that this file system does not tell apart")
        : new IOException($"cannot {call} '{path}': {Marshal.GetPInvokeErrorMessage(error)}");

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int openat(int folder, byte* path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mkdirat(int folder, byte* path, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int symlinkat(byte* target, int folder, byte* path);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int file, byte* bytes, nint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int file, byte* bytes, nint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint copy_file_range(int from, long* fromOffset, int to, long* toOffset, nint count, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int futimens(int file, long* times);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int utimensat(int folder, byte* path, long* times, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int statx(int folder, byte* path, int flags, uint mask, byte* answer);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string file, string name);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rename(string from, string to);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int syncfs(int descriptor);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
