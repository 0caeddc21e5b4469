namespace Actors.Sync.Workspaces;

/// <summary>
/// git's lock on a repository's <c>packed-refs</c> (the file <c>packed-refs.lock</c>), taken so that it frees itself: our lock file appears with a
/// mark in it and is locked by the system while we live, so one that a killed process left is known and removed.
/// </summary>
internal sealed class PackedRefsLock : IDisposable
{
    private const string Mark = "actors\n";
    private readonly FileStream _handle;
    private readonly string _path;

    private PackedRefsLock(FileStream handle, string path) => (_handle, _path) = (handle, path);

    /// <summary>Takes it, or null when git or another of us has it.</summary>
    public static PackedRefsLock? TryTake(string baseFolder, string own)
    {
        string path = Path.Combine(baseFolder, "packed-refs.lock");
        string temporary = Path.Combine(baseFolder, $".packed-refs-{own}");
        FileStream handle = new(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        handle.Write(System.Text.Encoding.ASCII.GetBytes(Mark));
        handle.Flush();
        bool taken = Posix.TryLink(temporary, path) || (RemoveLeftOver(path) && Posix.TryLink(temporary, path));
        File.Delete(temporary);
        if (taken)
        {
            return new PackedRefsLock(handle, path);
        }

        handle.Dispose();
        return null;
    }

    public void Dispose()
    {
        File.Delete(_path);
        _handle.Dispose();
    }

    private static bool RemoveLeftOver(string path)
    {
        try
        {
            // Whoever lives holds it alone; git's own lock files have no mark.
            using FileStream found = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            using StreamReader reader = new(found);
            if (reader.ReadToEnd() != Mark)
            {
                return false;
            }

            File.Delete(path);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
