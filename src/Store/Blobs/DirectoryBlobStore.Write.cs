using Actors.Store.Index;

namespace Actors.Store.Blobs;

public sealed partial class DirectoryBlobStore
{
    // A folder that somebody removes while we write into it is made again; more often is a fight, not an accident.
    private const int FolderAttemptsMax = 3;

    /// <inheritdoc/>
    public async Task<bool> PutAsync(BlobKey key, Stream content, BlobPutOptions options, CancellationToken cancellationToken)
    {
        if (options.OnlyIfAbsent && Guard(key, () => IsThereDurably(key)))
        {
            return false;
        }

        string temporary = await WriteTemporaryAsync(key, content, cancellationToken).ConfigureAwait(false);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Guard(key, () => GiveName(temporary, key, options.OnlyIfAbsent));
        }
        catch
        {
            Guard(key, () => File.Delete(temporary));
            throw;
        }
    }

    private async Task<string> WriteTemporaryAsync(BlobKey key, Stream content, CancellationToken cancellationToken)
    {
        FileStream file = Guard(key, CreateTemporary);
        string path = file.Name;
        try
        {
            await using (file.ConfigureAwait(false))
            {
                byte[] buffer = new byte[(int)Math.Clamp(content.Length - content.Position, 1, CopyBytes)];
                int read;
                while ((read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
                {
                    try
                    {
                        await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                    }
                    catch (IOException e)
                    {
                        throw Failure(key, e);
                    }
                }

                Guard(key, () => file.Flush(flushToDisk: true));
            }

            return path;
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private FileStream CreateTemporary()
    {
        Directory.CreateDirectory(_uploads);
        return new FileStream(Path.Combine(_uploads, Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.Write, FileShare.Delete, 0, FileOptions.Asynchronous);
    }

    private bool GiveName(string temporary, BlobKey key, bool onlyIfAbsent)
    {
        for (int attempt = 1; ; attempt++)
        {
            string folder = MakeFolderOf(key);
            string path = Path.Combine(folder, Path.GetFileName(key.ToString()));
            try
            {
                bool isOurs = true;
                if (onlyIfAbsent)
                {
                    isOurs = ExclusiveName.TryMove(temporary, path);
                }
                else
                {
                    // A rename replaces a symlink itself, not what it names.
                    File.Move(temporary, path, overwrite: true);
                }

                DurableFiles.FlushDirectory(folder);
                if (!isOurs)
                {
                    File.Delete(temporary);
                }

                return isOurs;
            }
            catch (DirectoryNotFoundException) when (attempt < FolderAttemptsMax)
            {
                _durableFolders.Clear();
            }
        }
    }

    /// <summary>Who is told that a blob is there may build on it: its writer may not have flushed the folder yet.</summary>
    private bool IsThereDurably(BlobKey key)
    {
        if (FileOf(key) is not { } file)
        {
            return false;
        }

        DurableFiles.FlushDirectory(MakeFolderOf(key));
        return file.Exists;
    }

    private string MakeFolderOf(BlobKey key)
    {
        string path = _root;
        string[] names = key.ToString().Split('/');
        foreach (string name in names.AsSpan(..^1))
        {
            string parent = path;
            path = Path.Combine(path, name);
            DirectoryInfo folder = new(path);
            if (folder.LinkTarget is not null)
            {
                throw new IOException("A symlink is not followed.");
            }

            folder.Create();
            if (!_durableFolders.ContainsKey(path))
            {
                DurableFiles.FlushDirectory(parent);
                _durableFolders[path] = true;
            }
        }

        return path;
    }
}
