namespace Actors.Sync.Mirrors;

/// <summary>
/// A folder for packs between store and target: each lies there while it is uploaded and is removed then. Bounded: so many
/// packs at once, each of so many bytes. Processes may share it; what a killed one left is removed by the next that comes.
/// </summary>
public sealed class MirrorSpool : IDisposable
{
    private const string LockEnding = ".lock";
    private static long _instances;

    private readonly string _folder;
    private readonly FileStream _lock;
    private readonly SemaphoreSlim _places = new(Limits.MirrorSpoolsMax, Limits.MirrorSpoolsMax);
    private readonly SemaphoreSlim _lfsPlaces = new(Limits.MirrorLfsSpoolsMax, Limits.MirrorLfsSpoolsMax);
    private long _names;

    /// <summary>Takes a folder of its own below this one, and removes those of processes that are no more.</summary>
    /// <param name="folder">Made where it is missing.</param>
    /// <exception cref="IOException">It cannot be made or locked.</exception>
    public MirrorSpool(string folder)
    {
        _ = Directory.CreateDirectory(folder);
        foreach (string left in Directory.GetFiles(folder, "*" + LockEnding))
        {
            TrySweep(left);
        }

        string own = Path.Combine(folder, $"{Environment.ProcessId}-{Interlocked.Increment(ref _instances)}");
        _lock = new FileStream(own + LockEnding, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        _folder = own;
    }

    /// <summary>Waits for a place, works with a new path in the folder, and removes what lies at it and beside it, with any ending.</summary>
    internal async Task<T> UseAsync<T>(Func<string, Task<T>> work, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        string own = Path.Combine(_folder, $"{Interlocked.Increment(ref _names)}");
        try
        {
            _ = Directory.CreateDirectory(own);
            return await work(Path.Combine(own, "spooled")).ConfigureAwait(false);
        }
        finally
        {
            if (Directory.Exists(own))
            {
                Directory.Delete(own, recursive: true);
            }

            _ = _places.Release();
        }
    }

    /// <summary>Waits for a place, and works with files that are gone when they are closed.</summary>
    internal async Task<T> UseLfsAsync<T>(Func<Func<FileStream>, Task<T>> work, CancellationToken cancellationToken)
    {
        await _lfsPlaces.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _ = Directory.CreateDirectory(_folder);
            return await work(() => new FileStream(
                Path.Combine(_folder, $"{Interlocked.Increment(ref _names)}.lfs"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16,
                FileOptions.DeleteOnClose)).ConfigureAwait(false);
        }
        finally
        {
            _ = _lfsPlaces.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }

        _lock.Dispose();
        _places.Dispose();
        _lfsPlaces.Dispose();
    }

    /// <summary>Whoever lives holds its lock.</summary>
    private static void TrySweep(string lockFile)
    {
        try
        {
            using FileStream held = new(lockFile, FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            string folder = lockFile[..^LockEnding.Length];
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (IOException)
        {
            // It is another process's, or was removed in between.
        }
    }
}
