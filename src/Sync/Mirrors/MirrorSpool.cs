namespace Actors.Sync.Mirrors;

/// <summary>
/// A folder for packs between store and target: each lies there while it is uploaded and is removed then. Bounded: so many
/// packs at once, each of so many bytes. What a killed process left is removed by the next one.
/// </summary>
public sealed class MirrorSpool : IDisposable
{
    private readonly string _folder;
    private readonly SemaphoreSlim _places = new(Limits.MirrorSpoolsMax, Limits.MirrorSpoolsMax);
    private readonly SemaphoreSlim _lfsPlaces = new(Limits.MirrorLfsSpoolsMax, Limits.MirrorLfsSpoolsMax);
    private long _names;

    /// <summary>Empties the folder, or makes it when the first pack needs it.</summary>
    /// <param name="folder">In the store's directory, which one process writes.</param>
    public MirrorSpool(string folder)
    {
        _folder = folder;
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
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
        _places.Dispose();
        _lfsPlaces.Dispose();
    }
}
