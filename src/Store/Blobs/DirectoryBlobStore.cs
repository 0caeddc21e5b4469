using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Actors.Store.Index;
using Microsoft.Win32.SafeHandles;

namespace Actors.Store.Blobs;

/// <summary>
/// Blobs as files of a directory; a key is the path below it. Several processes, and machines on a shared file system, may use one
/// directory at once. A file is written whole and flushed under <c>~uploads</c> (no key can have that name) and then named: by rename, or
/// by link where it must be the first. Symlinks below the directory are not followed. Unlike S3, a key cannot be both a blob and the
/// beginning of another's path (<c>a</c> and <c>a/b</c>), and content types are not kept.
/// </summary>
public sealed partial class DirectoryBlobStore : IBlobStore
{
    private const string UploadsFolder = "~uploads";
    private const int CopyBytes = 128 << 10;

    private readonly string _root;
    private readonly string _uploads;

    // Folders whose own entry in their parent is known to be on the disk. Keys have few folders; forgetting them costs a flush each.
    private readonly ConcurrentDictionary<string, bool> _durableFolders = new(StringComparer.Ordinal);

    /// <summary>Opens a directory, making it where it is missing.</summary>
    /// <param name="directory">Its path.</param>
    /// <exception cref="BlobStoreException">It cannot be made.</exception>
    public DirectoryBlobStore(string directory)
    {
        _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        _uploads = Path.Combine(_root, UploadsFolder);
        Guard(null, () => Directory.CreateDirectory(_root));
    }

    /// <inheritdoc/>
    public string Location => _root;

    /// <inheritdoc/>
    public Task<BlobProperties?> FindAsync(BlobKey key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Guard(key, () => FileOf(key) is { } file
            ? new BlobProperties(key, file.Length, new DateTimeOffset(file.LastWriteTimeUtc))
            : (BlobProperties?)null));
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(BlobKey key, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        using SafeFileHandle? handle = OpenFile(key);
        if (handle is null)
        {
            return -1;
        }

        int filled = 0;
        try
        {
            while (filled < buffer.Length)
            {
                int read = await RandomAccess.ReadAsync(handle, buffer[filled..], offset + filled, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                filled += read;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(key, e);
        }

        return filled;
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenAsync(BlobKey key, long offset, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        cancellationToken.ThrowIfCancellationRequested();
        if (OpenFile(key) is not { } handle)
        {
            return Task.FromResult<Stream?>(null);
        }

        FileStream stream = new(handle, FileAccess.Read, 0);
        stream.Position = Math.Min(offset, stream.Length);
        return Task.FromResult<Stream?>(stream);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobProperties> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        // What has no ending slash may end within a name: the folder above it is listed.
        string folder = prefix[..(prefix.LastIndexOf('/') + 1)];
        if (folder.Length > 0 && !BlobKey.TryParse(folder[..^1], out _))
        {
            yield break;
        }

        foreach (BlobProperties blob in ListFolder(folder, prefix))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return blob;
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(IReadOnlyList<BlobKey> keys, CancellationToken cancellationToken)
    {
        HashSet<string> folders = new(StringComparer.Ordinal);
        foreach (BlobKey key in keys)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Guard(key, () =>
            {
                if (FileOf(key) is { } file)
                {
                    file.Delete();
                    folders.Add(file.DirectoryName!);
                }
            });
        }

        foreach (string folder in folders)
        {
            Guard(null, () => DurableFiles.FlushDirectory(folder));
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<int> AbortUploadsAsync(DateTimeOffset begunBefore, CancellationToken cancellationToken)
    {
        int aborted = 0;
        Guard(null, () =>
        {
            if (!Directory.Exists(_uploads))
            {
                return;
            }

            foreach (FileInfo file in new DirectoryInfo(_uploads).EnumerateFiles())
            {
                cancellationToken.ThrowIfCancellationRequested();
                // Its last write, not its first: an upload that still grows is not forgotten.
                if (file.LastWriteTimeUtc < begunBefore.UtcDateTime)
                {
                    file.Delete();
                    aborted++;
                }
            }
        });
        return Task.FromResult(aborted);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The blobs below a folder (empty, or ending with a slash) in order of key, as S3 orders them: by bytes of the whole key, in which a folder counts with its slash.</summary>
    private IEnumerable<BlobProperties> ListFolder(string folder, string prefix)
    {
        (string Name, FileSystemInfo Entry)[] entries = Guard(null, () => EntriesOf(folder));
        foreach ((string name, FileSystemInfo entry) in entries)
        {
            string text = folder + name;
            if (entry is FileInfo file)
            {
                if (text.StartsWith(prefix, StringComparison.Ordinal) && BlobKey.TryParse(text, out BlobKey key) && PropertiesOf(key, file) is { } blob)
                {
                    yield return blob;
                }
            }
            else if (text.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(text, StringComparison.Ordinal))
            {
                foreach (BlobProperties blob in ListFolder(text, prefix))
                {
                    yield return blob;
                }
            }
        }
    }

    private (string Name, FileSystemInfo Entry)[] EntriesOf(string folder)
    {
        if (FolderOf(folder.TrimEnd('/')) is not { Exists: true } directory)
        {
            return [];
        }

        try
        {
            return [.. directory.EnumerateFileSystemInfos()
                .Where(entry => entry.LinkTarget is null && BlobKey.TryParse(entry.Name, out _))
                .Select(entry => (Name: entry is DirectoryInfo ? entry.Name + "/" : entry.Name, Entry: entry))
                .OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private static BlobProperties? PropertiesOf(BlobKey key, FileInfo file)
    {
        try
        {
            return new BlobProperties(key, file.Length, new DateTimeOffset(file.LastWriteTimeUtc));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private SafeFileHandle? OpenFile(BlobKey key) => Guard(key, () =>
    {
        try
        {
            return FileOf(key) is { } file
                ? File.OpenHandle(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous)
                : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Removed in between.
            return null;
        }
    });

    /// <summary>The file of a key; null where there is none.</summary>
    /// <exception cref="IOException">A symlink is on the way.</exception>
    private FileInfo? FileOf(BlobKey key)
    {
        string text = key.ToString();
        if (text.Length == 0)
        {
            throw new ArgumentException("An empty key names no blob.", nameof(key));
        }

        int slash = text.LastIndexOf('/');
        if (FolderOf(slash < 0 ? "" : text[..slash]) is not { } folder)
        {
            return null;
        }

        FileInfo file = new(Path.Combine(folder.FullName, text[(slash + 1)..]));
        return file.LinkTarget is not null ? throw new IOException("A symlink is not followed.") : file.Exists ? file : null;
    }

    /// <summary>The folder of a key's first part; null where there is none.</summary>
    /// <exception cref="IOException">A symlink is on the way.</exception>
    private DirectoryInfo? FolderOf(string path)
    {
        DirectoryInfo folder = new(_root);
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            folder = new DirectoryInfo(Path.Combine(folder.FullName, name));
            if (folder.LinkTarget is not null)
            {
                throw new IOException("A symlink is not followed.");
            }

            if (!folder.Exists)
            {
                return null;
            }
        }

        return folder;
    }

    private void Guard(BlobKey? key, Action action) => Guard<object?>(key, () =>
    {
        action();
        return null;
    });

    private T Guard<T>(BlobKey? key, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && e is not BlobStoreException)
        {
            throw Failure(key, e);
        }
    }

    private BlobStoreException Failure(BlobKey? key, Exception e) => new(
        key is { } named ? $"{_root}: {named}: {e.Message}" : $"{_root}: {e.Message}", isTransient: e is not UnauthorizedAccessException, e);
}
