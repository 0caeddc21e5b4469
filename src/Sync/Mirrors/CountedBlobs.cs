using Actors.Git.Objects;
using Actors.Store.Blobs;

namespace Actors.Sync.Mirrors;

/// <summary>A mirror's target during one publication: small blobs as bytes, and what was sent.</summary>
internal sealed class CountedBlobs(IBlobStore target)
{
    private static readonly BlobPutOptions Text = new() { ContentType = "text/plain" };
    private static readonly BlobPutOptions Json = new() { ContentType = "application/json" };

    private long _bytesSent;

    public string Location => target.Location;

    /// <summary>Bytes of all blobs written.</summary>
    public long BytesSent => Interlocked.Read(ref _bytesSent);

    public Task PutTextAsync(BlobKey key, byte[] content, CancellationToken cancellationToken) => PutAsync(key, content, Text, cancellationToken);

    public Task PutJsonAsync(BlobKey key, byte[] content, CancellationToken cancellationToken) => PutAsync(key, content, Json, cancellationToken);

    /// <returns>False: there was one.</returns>
    public Task<bool> PutFirstAsync(BlobKey key, byte[] content, CancellationToken cancellationToken) =>
        PutAsync(key, content, Json with { OnlyIfAbsent = true }, cancellationToken);

    /// <summary>Writes a pack, then its index, so that no reader finds an index without its pack. Named by content: what is there already is the same.</summary>
    public async Task PutPackAsync(Oid name, string packPath, string indexPath, CancellationToken cancellationToken)
    {
        await PutFileAsync(
            MirrorLayout.PackOf(name), packPath, BlobPutOptions.Absent with { ContentType = "application/x-git-packed-objects" }, cancellationToken).ConfigureAwait(false);
        await PutFileAsync(
            MirrorLayout.IndexOf(name), indexPath, BlobPutOptions.Absent with { ContentType = "application/x-git-packed-objects-toc" }, cancellationToken).ConfigureAwait(false);
    }

    public async Task PutFileAsync(BlobKey key, string path, BlobPutOptions options, CancellationToken cancellationToken)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        await using (file.ConfigureAwait(false))
        {
            await PutStreamAsync(key, file, options, cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task PutStreamAsync(BlobKey key, Stream content, BlobPutOptions options, CancellationToken cancellationToken)
    {
        long length = content.Length;
        if (await target.PutAsync(key, content, options, cancellationToken).ConfigureAwait(false))
        {
            _ = Interlocked.Add(ref _bytesSent, length);
        }
    }

    /// <summary>A small blob whole; null where there is none.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="bytesExpected">Read by one request when it is no longer.</param>
    /// <param name="bytesMax">A longer one is damaged.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidDataException">It is longer.</exception>
    public async Task<ReadOnlyMemory<byte>?> ReadAsync(BlobKey key, int bytesExpected, int bytesMax, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[bytesExpected];
        int length = 0;
        while (true)
        {
            int read = await target.ReadAsync(key, length, buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (read < 0)
            {
                return null;
            }

            length += read;
            if (length < buffer.Length)
            {
                return buffer.AsMemory(0, length);
            }

            if (length >= bytesMax)
            {
                throw new InvalidDataException($"'{key}' is longer than {bytesMax} bytes.");
            }

            Array.Resize(ref buffer, (int)Math.Min(4L * buffer.Length, bytesMax));
        }
    }

    public async Task<bool> HasAsync(BlobKey key, CancellationToken cancellationToken) =>
        await target.FindAsync(key, cancellationToken).ConfigureAwait(false) is not null;

    /// <summary>Copies a blob to a new file.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public async Task CopyToFileAsync(BlobKey key, string path, CancellationToken cancellationToken)
    {
        Stream content = await target.OpenAsync(key, 0, cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidDataException($"The mirror's '{key}' is not there.");
        await using (content.ConfigureAwait(false))
        {
            var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            await using (file.ConfigureAwait(false))
            {
                await content.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public IAsyncEnumerable<BlobProperties> ListAsync(string prefix, CancellationToken cancellationToken) => target.ListAsync(prefix, cancellationToken);

    public Task DeleteAsync(IReadOnlyList<BlobKey> keys, CancellationToken cancellationToken) =>
        keys.Count == 0 ? Task.CompletedTask : target.DeleteAsync(keys, cancellationToken);

    private async Task<bool> PutAsync(BlobKey key, byte[] content, BlobPutOptions options, CancellationToken cancellationToken)
    {
        using MemoryStream stream = new(content, writable: false);
        bool written = await target.PutAsync(key, stream, options, cancellationToken).ConfigureAwait(false);
        _ = Interlocked.Add(ref _bytesSent, written ? content.Length : 0);
        return written;
    }
}
