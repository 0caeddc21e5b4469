using System.Collections.Concurrent;
using System.Text;
using Actors.Git;
using Actors.Git.Checkouts;
using Actors.Git.Objects;

namespace Actors.Sync.Workspaces;

/// <summary>
/// Turns a tree into files in a folder of our own, several at once, and makes the index that git finds them unchanged by. In this
/// order nothing is ever written through a link of the tree: 1. folders, each of which must be new; 2. files, each of which must be
/// new; 3. symbolic links.
/// </summary>
internal sealed class Checkout(IObjectSource objects, LargeFiles large, TimeProvider clock)
{
    /// <summary>
    /// git reads a file anew when it is not older than the index (index, "racy git"), in whole seconds. Dated back, no file is; and a
    /// change within the same second is seen by its date.
    /// </summary>
    private static readonly TimeSpan DatedBack = TimeSpan.FromSeconds(2);

    private long _modified;

    /// <summary>Writes all files of a tree.</summary>
    /// <param name="listing">The tree.</param>
    /// <param name="conversion">What becomes of blobs on their way into files.</param>
    /// <param name="folder">An empty folder that nobody else knows.</param>
    /// <param name="cancellationToken">Ends the work; the folder is as it is then.</param>
    /// <returns>The index of the working tree, and the bytes of its files.</returns>
    public async Task<(byte[] Index, long Bytes)> RunAsync(TreeListing listing, FileConversion conversion, string folder, CancellationToken cancellationToken)
    {
        _modified = (clock.GetUtcNow() - DatedBack).ToUnixTimeSeconds();
        var entries = new IndexEntry[listing.Items.Count];
        for (int i = 0; i < entries.Length; i++)
        {
            CheckoutItem item = listing.Items[i];
            entries[i] = new IndexEntry(item.Path, item.Kind, item.Oid, default, item.Left);
        }

        int root = Posix.OpenFolder(folder);
        long bytes = 0;
        try
        {
            foreach (byte[] path in listing.Folders)
            {
                Posix.MakeFolder(root, WithEnd(path));
            }

            bytes = entries.Length < Limits.CheckoutFilesInParallelMin
                ? await WriteFilesAsync(root, folder, entries, 0, entries.Length, conversion, cancellationToken).ConfigureAwait(false)
                : await WriteInParallelAsync(root, folder, entries, conversion, cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < entries.Length; i++)
            {
                if (entries[i] is { Left: false, Kind: TreeItem.Link })
                {
                    entries[i] = await WriteLinkAsync(root, entries[i], cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            Posix.Close(root);
        }

        return (IndexWriter.Write(entries, listing.Top), bytes);
    }

    private async Task<long> WriteInParallelAsync(int root, string folder, IndexEntry[] entries, FileConversion conversion, CancellationToken cancellationToken)
    {
        long bytes = 0;
        await Parallel.ForEachAsync(
            Partitioner.Create(0, entries.Length, Limits.CheckoutFilesAtOnce).GetDynamicPartitions(),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
            async (range, token) => Interlocked.Add(ref bytes, await WriteFilesAsync(root, folder, entries, range.Item1, range.Item2, conversion, token).ConfigureAwait(false))).ConfigureAwait(false);
        return bytes;
    }

    private async ValueTask<long> WriteFilesAsync(int root, string folder, IndexEntry[] entries, int start, int end, FileConversion conversion, CancellationToken cancellationToken)
    {
        long bytes = 0;
        for (int i = start; i < end; i++)
        {
            if (entries[i] is { Left: false, Kind: TreeItem.File or TreeItem.Program })
            {
                cancellationToken.ThrowIfCancellationRequested();
                entries[i] = await WriteFileAsync(root, folder, entries[i], conversion, cancellationToken).ConfigureAwait(false);
                bytes += entries[i].Stat.Size;
            }
        }

        return bytes;
    }

    private async ValueTask<IndexEntry> WriteFileAsync(int root, string folder, IndexEntry entry, FileConversion conversion, CancellationToken cancellationToken)
    {
        if (large.Find(entry.Oid) is { } source && conversion.IsLarge(entry.Path.Span))
        {
            return entry with { Stat = Posix.CopyFile(root, WithEnd(entry.Path.Span), entry.Kind == TreeItem.Program, source, _modified) };
        }

        ReadOnlyMemory<byte> blob = await ReadBlobAsync(entry, cancellationToken).ConfigureAwait(false);
        ReadOnlyMemory<byte> content = await conversion.ConvertAsync(entry.Path, entry.Oid, blob, folder, cancellationToken).ConfigureAwait(false);
        FileStat stat = Posix.WriteFile(root, WithEnd(entry.Path.Span), entry.Kind == TreeItem.Program, content.Span, _modified);
        return entry with { Stat = stat };
    }

    private async ValueTask<IndexEntry> WriteLinkAsync(int root, IndexEntry entry, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> target = await ReadBlobAsync(entry, cancellationToken).ConfigureAwait(false);
        if (target.IsEmpty || target.Length > Limits.CheckoutPathBytesMax || target.Span.Contains((byte)0))
        {
            throw new UnsafeTreeException($"'{TreeListing.Shown(entry.Path.Span)}' is a symbolic link to nothing that can be a path");
        }

        return entry with { Stat = Posix.WriteLink(root, WithEnd(entry.Path.Span), WithEnd(target.Span), _modified) };
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadBlobAsync(IndexEntry entry, CancellationToken cancellationToken)
    {
        GitObject? blob = await objects.ReadAsync(entry.Oid, Array.MaxLength, cancellationToken).ConfigureAwait(false);
        return blob?.Type == ObjectType.Blob
            ? blob.Content
            : throw new UnsafeTreeException($"'{TreeListing.Shown(entry.Path.Span)}' is blob {entry.Oid}, which is {(blob is null ? "not in the store" : "no blob")}");
    }

    private static byte[] WithEnd(ReadOnlySpan<byte> path) => [.. path, 0];
}
