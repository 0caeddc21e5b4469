namespace Actors.Sync.Workspaces;

/// <summary>
/// Sees to it that a workspace is on the disk before it is shown as whole. Making one flushes nothing, as with git's own checkouts; what is
/// fresh is flushed when it is first listed, by one <c>syncfs</c> a file system for any number of them, and marked.
/// </summary>
/// <param name="boot">See <see cref="UnwrittenFiles.ReadBoot"/>.</param>
internal sealed class FlushedMarks(string? boot)
{
    private const string Flushed = "flushed";
    private readonly HashSet<uint> _devices = [];

    /// <summary>Flushes and marks one that was whole before the first of these calls.</summary>
    /// <returns>False: the machine lost power before it was flushed, and not all of it was written.</returns>
    public bool TryMake(Worktree worktree, string path)
    {
        try
        {
            string mark = File.Exists(worktree.Boot) ? File.ReadAllText(worktree.Boot) : "";
            if (mark == Flushed)
            {
                return true;
            }

            // During this run of the machine nothing was lost.
            if (boot is not null && mark != boot && UnwrittenFiles.Find(worktree, path) is not null)
            {
                return false;
            }

            Flush(worktree.Folder);
            Flush(path);
            // Never made anew: whoever removes the folder at this moment must find it empty.
            using FileStream file = new(worktree.Boot, FileMode.Truncate, FileAccess.Write);
            file.Write(System.Text.Encoding.ASCII.GetBytes(Flushed));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody removes it now, or it is somebody else's: the next to list looks again.
            return true;
        }
    }

    private void Flush(string path)
    {
        int folder = Posix.OpenFolder(path);
        try
        {
            if (_devices.Add(Posix.DeviceOf(folder)))
            {
                Posix.FlushFileSystem(folder);
            }
        }
        finally
        {
            Posix.Close(folder);
        }
    }
}
