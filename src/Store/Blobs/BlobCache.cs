using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Actors.Store.Blobs;

/// <summary>
/// A local read-through cache of blobs that never change. A blob is one sparse file of its whole length, of which the blocks
/// that somebody asked for are there, so that packs are mapped and read in place. What nobody has rented is evicted, longest
/// unused first, when there is more than <see cref="BlobCacheOptions.BytesMax"/>. Nothing survives the process: a file says
/// nothing about which of its blocks had come, and to check it costs as much as to fetch it.
/// </summary>
internal sealed class BlobCache : IAsyncDisposable
{
    private readonly IBlobStore _blobs;
    private readonly BlobCacheOptions _options;
    private readonly CacheFolder _folder;
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<BlobKey, CachedBlob> _files = [];
    private readonly LinkedList<CachedBlob> _idle = [];
    private long _bytes;
    private long _fetchedBytes;
    private long _requests;
    private bool _disposed;

    private BlobCache(IBlobStore blobs, CacheFolder folder, BlobCacheOptions options) => (_blobs, _folder, _options) = (blobs, folder, options);

    /// <summary>This process's own folder in the one that was given; no other cache has it.</summary>
    public string Folder => _folder.FullPath;

    /// <summary>Bytes on the disk.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Bytes fetched since the cache was opened.</summary>
    public long FetchedBytes => Interlocked.Read(ref _fetchedBytes);

    /// <summary>Requests made since the cache was opened.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Whether more is kept than should be: who keeps leases for later should return some.</summary>
    public bool IsOverLimit => Bytes > _options.BytesMax;

    /// <summary>Opens a cache in a folder of this process's own; what dead processes left there is removed.</summary>
    /// <param name="blobs">Where blobs come from; stays the caller's.</param>
    /// <param name="folder">May be shared by any number of processes.</param>
    /// <param name="options">Limits.</param>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static BlobCache Open(IBlobStore blobs, string folder, BlobCacheOptions options) => new(blobs, CacheFolder.Make(folder), options);

    /// <summary>A path on the cache's disk for a file that may be adopted later. The caller removes it if not.</summary>
    public string NewPath(string suffix) => _folder.NewPath(suffix);

    /// <summary>A blob's local file. Nothing is fetched yet.</summary>
    /// <param name="key">Which.</param>
    /// <param name="length">Its length, as the catalogue has it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidDataException">The cache knows the blob with another length.</exception>
    public ValueTask<BlobLease> RentAsync(BlobKey key, long length, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_files.TryGetValue(key, out CachedBlob? blob))
            {
                blob = new CachedBlob(key, length, _folder.NewPath(Path.GetExtension(key.ToString())), _options.BlockBytes, whole: length == 0);
                using (SafeFileHandle file = File.OpenHandle(blob.Path, FileMode.CreateNew, FileAccess.Write))
                {
                    RandomAccess.SetLength(file, length);
                }

                _files.Add(key, blob);
            }
            else if (blob.Length != length)
            {
                throw new InvalidDataException($"Blob {key} is said to have {length} bytes and {blob.Length}.");
            }

            Hold(blob);
            return ValueTask.FromResult(new BlobLease(this, blob));
        }
    }

    /// <summary>A blob's local file with all its bytes.</summary>
    /// <exception cref="FileNotFoundException">There is no such blob.</exception>
    /// <exception cref="IOException">It cannot be fetched, or the disk is full.</exception>
    public async ValueTask<BlobLease> RentWholeAsync(BlobKey key, long length, CancellationToken cancellationToken)
    {
        BlobLease lease = await RentAsync(key, length, cancellationToken).ConfigureAwait(false);
        try
        {
            await lease.EnsureAllAsync(cancellationToken).ConfigureAwait(false);
            return lease;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>Takes a local file, which is the blob's content, in by renaming it: what was just uploaded need not be fetched.</summary>
    public void Adopt(BlobKey key, string path)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_files.ContainsKey(key))
            {
                File.Delete(path);
                return;
            }

            var blob = new CachedBlob(key, new FileInfo(path).Length, _folder.NewPath(Path.GetExtension(key.ToString())), _options.BlockBytes, whole: true);
            File.Move(path, blob.Path);
            blob.PresentBytes = blob.Length;
            _ = Interlocked.Add(ref _bytes, blob.Length);
            _files.Add(key, blob);
            blob.Idle = _idle.AddLast(blob);
            EvictWhileOver();
        }
    }

    /// <summary>Ends requests under way and removes all files.</summary>
    public async ValueTask DisposeAsync()
    {
        CachedBlob[] files;
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            files = [.. _files.Values];
        }

        // A blob's lock is never taken under the cache's.
        await _ending.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(files.SelectMany(blob => blob.Coming())).ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
        _ending.Dispose();
        _folder.Dispose();
    }

    internal async ValueTask EnsureAsync(CachedBlob blob, long offset, long length, CancellationToken cancellationToken)
    {
        // A window at a time: bounds the requests, and so the buffers, of one call.
        int blocksMax = (int)Math.Max(1, _options.RequestBytesMax / blob.BlockBytes);
        long window = blocksMax * blob.BlockBytes * _options.RequestsMax;
        for (long end = offset + length; offset < end;)
        {
            long part = Math.Min(end - offset, window - (offset % window));
            foreach (Task request in blob.Need(offset, part, blocksMax, (first, stop) => FetchAsync(blob, first, stop)))
            {
                await request.WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            offset += part;
        }
    }

    internal void Return(CachedBlob blob)
    {
        lock (_gate)
        {
            if (--blob.Rents == 0 && _files.ContainsKey(blob.Key))
            {
                blob.Idle = _idle.AddLast(blob);
                EvictWhileOver();
            }
        }
    }

    /// <summary>Fetches blocks for everybody who asks meanwhile, so it ends with the cache and not with one of them.</summary>
    private async Task FetchAsync(CachedBlob blob, int first, int stop)
    {
        lock (_gate)
        {
            Hold(blob);
        }

        bool arrived = false;
        long offset = first * blob.BlockBytes;
        int length = checked((int)(Math.Min(stop * blob.BlockBytes, blob.Length) - offset));
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            // The caller holds the blob's lock: nothing of this may run under it.
            await Task.Yield();
            _ = Interlocked.Increment(ref _requests);
            int read = await _blobs.ReadAsync(blob.Key, offset, buffer.AsMemory(0, length), _ending.Token).ConfigureAwait(false);
            if (read != length)
            {
                throw read < 0
                    ? new FileNotFoundException($"There is no blob {blob.Key} in {_blobs.Location}.")
                    : new InvalidDataException($"Blob {blob.Key} ends after {offset + read} bytes and should have {blob.Length}.");
            }

            using (SafeFileHandle file = File.OpenHandle(blob.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
            {
                await RandomAccess.WriteAsync(file, buffer.AsMemory(0, length), offset, _ending.Token).ConfigureAwait(false);
            }

            _ = Interlocked.Add(ref _fetchedBytes, length);
            arrived = true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            blob.End(first, stop, arrived);
            lock (_gate)
            {
                blob.PresentBytes += arrived ? length : 0;
                _ = Interlocked.Add(ref _bytes, arrived ? length : 0);
                EvictWhileOver();
            }

            Return(blob);
        }
    }

    private void Hold(CachedBlob blob)
    {
        blob.Rents++;
        if (blob.Idle is not null)
        {
            _idle.Remove(blob.Idle);
            blob.Idle = null;
        }
    }

    private void EvictWhileOver()
    {
        while (IsOverLimit && !_disposed && _idle.First?.Value is CachedBlob oldest)
        {
            _idle.RemoveFirst();
            oldest.Idle = null;
            _ = _files.Remove(oldest.Key);
            _ = Interlocked.Add(ref _bytes, -oldest.PresentBytes);
            File.Delete(oldest.Path);
        }
    }
}
