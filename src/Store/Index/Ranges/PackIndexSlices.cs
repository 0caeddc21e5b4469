using System.Runtime.InteropServices;
using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Store.Blobs;
using Actors.Store.Catalogue;
using Microsoft.Win32.SafeHandles;

namespace Actors.Store.Index.Ranges;

/// <summary>
/// Level zero of the index, which nobody writes: the packs' own indexes. Of a large one only the fan-out and the blocks with the ranges
/// asked for are fetched; what this process has committed itself is in the cache already, and of small ones the catalogue has the oids.
/// </summary>
internal sealed class PackIndexSlices(BlobCache cache, OidRanges ranges)
{
    /// <summary>The oids of some ranges in a pack.</summary>
    /// <param name="pack">Whose index is read.</param>
    /// <param name="wanted">Numbers of ranges.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>For each of <paramref name="wanted"/> its oids in order.</returns>
    /// <exception cref="Git.GitFormatException">The index is damaged.</exception>
    /// <exception cref="IOException">It is not there any more, or cannot be fetched.</exception>
    public async Task<Oid[][]> ReadAsync(CataloguePack pack, IReadOnlyList<int> wanted, CancellationToken cancellationToken)
    {
        using BlobLease lease = await cache.RentAsync(pack.IndexKey, pack.IndexBytes, cancellationToken).ConfigureAwait(false);
        byte[] head = new byte[Math.Min(PackIndexHeader.Bytes, pack.IndexBytes)];
        await lease.EnsureAsync(0, head.Length, cancellationToken).ConfigureAwait(false);
        using SafeFileHandle file = File.OpenHandle(lease.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _ = RandomAccess.Read(file, head, 0);
        PackIndexHeader header = PackIndexHeader.Read(head, pack.IndexBytes);
        var slices = new Oid[wanted.Count][];
        for (int i = 0; i < slices.Length; i++)
        {
            (int first, int end) = ranges.FirstBytes(wanted[i]);
            (int position, int count) = header.Slice(first, end);
            slices[i] = new Oid[count];
            await lease.EnsureAsync(PackIndexHeader.OffsetOf(position), (long)count * Oid.Length, cancellationToken).ConfigureAwait(false);
            Read(file, position, slices[i]);
            Check(slices[i], wanted[i], position);
        }

        return slices;
    }

    /// <summary>The oids of some ranges among all of a pack's, which are in order.</summary>
    public Oid[][] Cut(Oid[] oids, IReadOnlyList<int> wanted) => [.. wanted.Select(range => Array.FindAll(oids, oid => ranges.Of(oid) == range))];

    private static void Read(SafeFileHandle file, int position, Span<Oid> oids)
    {
        long offset = PackIndexHeader.OffsetOf(position);
        for (Span<byte> rest = MemoryMarshal.AsBytes(oids); rest.Length > 0;)
        {
            int read = RandomAccess.Read(file, rest, offset);
            if (read == 0)
            {
                throw new EndOfStreamException("A cached pack index is cut off.");
            }

            rest = rest[read..];
            offset += read;
        }
    }

    private void Check(ReadOnlySpan<Oid> oids, int range, int position)
    {
        for (int i = 0; i < oids.Length; i++)
        {
            if (ranges.Of(oids[i]) != range || (i > 0 && oids[i - 1] >= oids[i]))
            {
                throw new Git.GitFormatException(Git.GitFormatError.PackIndex, "A pack index does not have its oids in order, each once, as its fan-out says", PackIndexHeader.OffsetOf(position + i));
            }
        }
    }
}
