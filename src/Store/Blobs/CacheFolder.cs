using System.Globalization;

namespace Actors.Store.Blobs;

/// <summary>
/// A process's own folder among those of other processes, held by a lock beside it that the system takes back when the process
/// dies. Whoever makes one removes those of the dead.
/// </summary>
internal sealed class CacheFolder : IDisposable
{
    private const string LockSuffix = ".lock";

    private readonly FileStream _lock;
    private int _names;

    private CacheFolder(string fullPath, FileStream held) => (FullPath, _lock) = (fullPath, held);

    public string FullPath { get; }

    /// <summary>Makes a folder of this process's own, empty.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static CacheFolder Make(string parent)
    {
        _ = Directory.CreateDirectory(parent);
        SweepDead(parent);
        for (int number = 0; ; number++)
        {
            string path = Path.Combine(Path.GetFullPath(parent), $"{Environment.ProcessId}-{number}");
            if (TryLock(path + LockSuffix, FileMode.CreateNew) is FileStream held)
            {
                if (Directory.Exists(path))
                {
                    Directory.Delete(path, recursive: true);
                }

                _ = Directory.CreateDirectory(path);
                return new CacheFolder(path, held);
            }

            if (!File.Exists(path + LockSuffix) && number > short.MaxValue)
            {
                throw new IOException($"No folder can be made in {parent}.");
            }
        }
    }

    /// <summary>A path in it that was never given before.</summary>
    public string NewPath(string suffix) =>
        Path.Combine(FullPath, Interlocked.Increment(ref _names).ToString(CultureInfo.InvariantCulture) + suffix);

    public void Dispose()
    {
        if (Directory.Exists(FullPath))
        {
            Directory.Delete(FullPath, recursive: true);
        }

        // In this order: a folder without a lock is nobody's, and would stay.
        File.Delete(FullPath + LockSuffix);
        _lock.Dispose();
    }

    private static void SweepDead(string parent)
    {
        foreach (string path in Directory.EnumerateFiles(parent, "*" + LockSuffix))
        {
            if (TryLock(path, FileMode.Open) is not FileStream held)
            {
                continue;
            }

            // Under its lock, so that two sweepers and a new owner of the name do not meet.
            using (held)
            {
                string folder = path[..^LockSuffix.Length];
                if (Directory.Exists(folder))
                {
                    Directory.Delete(folder, recursive: true);
                }

                File.Delete(path);
            }
        }
    }

    private static FileStream? TryLock(string path, FileMode mode)
    {
        try
        {
            return new FileStream(path, mode, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            // Held, or gone, or there already.
            return null;
        }
    }
}
