using System.Text;
using Actors.Git.Objects;
using Actors.Store.Blobs;
using Actors.Store.Heads;

namespace Actors.Sync.Mirrors;

public sealed partial class MirrorPublisher
{
    /// <summary>
    /// Writes the bundle where one is asked for and there is none, or packs of half its size were added since: a client brings
    /// what it lacks from the mirror. So each byte of it is written a few times in the mirror's life, and updates stay cheap.
    /// </summary>
    private async Task<MirrorBundle?> WriteBundleAsync(
        MirrorState? before, SnapshotId snapshot, List<MirrorRef> refs, Oid[] tips, long addedBytes, CountedBlobs blobs,
        CancellationToken cancellationToken)
    {
        MirrorBundle? bundle = before?.Bundle is { } known ? known with { AddedBytes = known.AddedBytes + addedBytes } : null;
        bool due = options.Bundle && refs.Count > 0 && (bundle is null || bundle.AddedBytes > Limits.MirrorBundleGrowth * bundle.Bytes);
        if (!due)
        {
            return bundle;
        }

        List<Oid> oids = [.. (await ListAsync(tips, [], cancellationToken).ConfigureAwait(false)).Select(one => one.Oid)];
        long bytes = await spool.UseAsync(path => WriteBundleAsync(refs, oids, path, blobs, cancellationToken), cancellationToken).ConfigureAwait(false);
        return new MirrorBundle(snapshot, bytes, 0);
    }

    /// <summary>gitformat-bundle, version 2: signature, references, an empty line, a pack.</summary>
    private async Task<long> WriteBundleAsync(
        List<MirrorRef> refs, List<Oid> oids, string path, CountedBlobs blobs, CancellationToken cancellationToken)
    {
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        await using (file.ConfigureAwait(false))
        {
            file.Write("# v2 git bundle\n"u8);
            foreach (MirrorRef one in refs)
            {
                file.Write(Encoding.ASCII.GetBytes($"{one.Oid} "));
                file.Write(one.Name.Bytes);
                file.WriteByte((byte)'\n');
            }

            file.WriteByte((byte)'\n');
            _ = await objects.WritePackAsync(oids, file, cancellationToken).ConfigureAwait(false);
        }

        await blobs.PutFileAsync(
            MirrorLayout.Bundle, path, new BlobPutOptions { ContentType = "application/x-git-bundle" }, cancellationToken).ConfigureAwait(false);
        return new FileInfo(path).Length;
    }
}
