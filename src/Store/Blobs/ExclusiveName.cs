using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Actors.Store.Blobs;

/// <summary>Gives a finished file its name, unless another file has that name: one step, also between processes and machines.</summary>
internal static partial class ExclusiveName
{
    private const int AtCurrentDirectory = -100;
    private const uint RenameNoReplace = 1;

    // The same on Linux and macOS, but for the last two, of which macOS has others: there link is always there.
    private const int NoPermission = 1;
    private const int NoEntry = 2;
    private const int Exists = 17;
    private const int NoSuchCall = 38;
    private const int NotSupported = 95;

    /// <summary>Renames; false, and the file stays where it is, when the name is taken.</summary>
    /// <exception cref="DirectoryNotFoundException">The folder is gone.</exception>
    /// <exception cref="IOException">Any other reason; also a file system that has no such step.</exception>
    public static bool TryMove(string from, string to)
    {
        if (OperatingSystem.IsWindows())
        {
            return TryMoveOnWindows(from, to);
        }

        // link(2) is exclusive on every file system that has links, NFS among them; renameat2 with NOREPLACE on most that have none.
        if (Link(from, to) == 0)
        {
            File.Delete(from);
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        if (OperatingSystem.IsLinux() && error is NoPermission or NoSuchCall or NotSupported)
        {
            if (Rename(AtCurrentDirectory, from, AtCurrentDirectory, to, RenameNoReplace) == 0)
            {
                return true;
            }

            error = Marshal.GetLastPInvokeError();
        }

        return error switch
        {
            Exists => false,
            NoEntry => throw new DirectoryNotFoundException($"The folder of {to} is gone."),
            _ => throw new IOException($"{to} cannot be made: {new Win32Exception(error).Message}"),
        };
    }

    private static bool TryMoveOnWindows(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(to))
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(int fromDirectory, string from, int toDirectory, string to, uint flags);
}
