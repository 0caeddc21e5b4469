namespace Actors.Sync.Workspaces;

/// <summary>
/// A claim on a file (<c>flock</c>), shared or alone: the system takes it back when its holder dies, so none is ever left over.
/// Lock files stay; what is locked is the file, not its name.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private readonly FileStream _handle;

    private FileLock(FileStream handle) => _handle = handle;

    /// <summary>Takes it, or null when somebody holds it in a way that does not go together.</summary>
    public static FileLock? TryTake(string path, bool shared)
    {
        try
        {
            // .NET takes a shared lock for a reader that lets others read, an exclusive one for whoever shares nothing.
            return new FileLock(shared
                ? new FileStream(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read, 0)
                : new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0));
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    /// <summary>Takes it when it is free.</summary>
    public static async Task<FileLock> TakeAsync(string path, bool shared, TimeProvider clock, CancellationToken cancellationToken)
    {
        FileLock? taken;
        while ((taken = TryTake(path, shared)) is null)
        {
            await Task.Delay(Limits.LockPause, clock, cancellationToken).ConfigureAwait(false);
        }

        return taken;
    }

    public void Dispose() => _handle.Dispose();
}
