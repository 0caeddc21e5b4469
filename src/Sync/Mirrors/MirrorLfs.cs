using Actors.Git;
using Actors.Git.Lfs;
using Actors.Git.Objects;
using Actors.Git.Remotes;
using Actors.Store.Blobs;
using Actors.Store.Objects;

namespace Actors.Sync.Mirrors;

/// <summary>
/// Brings the objects of Git LFS that a mirror's blobs point to: finds pointers, leaves out what the mirror has, fetches the rest by the
/// source's batch API, and writes each where <c>git-lfs</c> itself keeps it, after its size and SHA-256 were found right.
/// </summary>
internal sealed class MirrorLfs(IObjectStore objects, LfsClient client, MirrorSpool spool, CountedBlobs target)
{
    private static readonly BlobPutOptions Content = BlobPutOptions.Absent;

    /// <param name="source">Whose server is asked.</param>
    /// <param name="blobs">Blobs that may be pointers; the store has them.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<LfsTally> BringAsync(RepositoryUrl source, IEnumerable<Oid> blobs, CancellationToken cancellationToken)
    {
        HashSet<LfsObject> wanted = await FindPointersAsync(blobs, cancellationToken).ConfigureAwait(false);
        List<LfsObject> lacking = await FindLackingAsync(wanted, cancellationToken).ConfigureAwait(false);
        if (lacking.Count == 0)
        {
            return LfsTally.None;
        }

        if (LfsServer.Of(source) is not { } server)
        {
            return new LfsTally(0, 0, $"{lacking.Count} objects of Git LFS: only sources of http and https have a server for them");
        }

        IReadOnlyList<LfsOutcome> outcomes = await spool.UseLfsAsync(
            open => client.FetchAsync(server, lacking, Limits.MirrorLfsAtOnce, (_, _) => ValueTask.FromResult<Stream>(open()), KeepAsync, cancellationToken),
            cancellationToken).ConfigureAwait(false);
        LfsOutcome[] failed = [.. outcomes.Where(outcome => outcome.Failure is not null)];
        LfsOutcome[] missing = [.. failed.Where(outcome => outcome.Failure!.Kind is RemoteFailureKind.NotFound or RemoteFailureKind.Forbidden or RemoteFailureKind.Unauthorized)];
        LfsOutcome? other = failed.Except(missing).FirstOrDefault();
        return new LfsTally(outcomes.Count - failed.Length, missing.Length, other is null
            ? null
            : $"{failed.Length - missing.Length} objects of Git LFS could not be brought: {other.Object.Oid}: {other.Failure!.Message}");
    }

    private async Task<HashSet<LfsObject>> FindPointersAsync(IEnumerable<Oid> blobs, CancellationToken cancellationToken)
    {
        HashSet<LfsObject> found = [];
        foreach (Oid oid in blobs)
        {
            if (await TryReadAsync(oid, cancellationToken).ConfigureAwait(false) is { Type: ObjectType.Blob } blob
                && LfsPointer.TryParse(blob.Content.Span, out LfsPointer? pointer) && pointer.Object.Size > 0)
            {
                _ = found.Add(pointer.Object);
            }
        }

        return found;
    }

    private async Task<GitObject?> TryReadAsync(Oid oid, CancellationToken cancellationToken)
    {
        try
        {
            return await objects.ReadAsync(oid, Limits.MirrorPointerBasesBytesMax, cancellationToken).ConfigureAwait(false);
        }
        catch (GitFormatException e) when (e.Kind == GitFormatError.OverLimit)
        {
            return null;
        }
    }

    /// <summary>What the mirror does not have: a look for each of a few, one listing for many.</summary>
    private async Task<List<LfsObject>> FindLackingAsync(HashSet<LfsObject> wanted, CancellationToken cancellationToken)
    {
        List<LfsObject> lacking = [];
        if (wanted.Count <= Limits.MirrorLfsLooksMax)
        {
            foreach (LfsObject one in wanted)
            {
                if (!await target.HasAsync(KeyOf(one), cancellationToken).ConfigureAwait(false))
                {
                    lacking.Add(one);
                }
            }

            return lacking;
        }

        HashSet<string> there = new(StringComparer.Ordinal);
        await foreach (BlobProperties blob in target.ListAsync(MirrorLayout.LfsPrefix, cancellationToken).ConfigureAwait(false))
        {
            _ = there.Add(blob.Key.ToString());
        }

        lacking.AddRange(wanted.Where(one => !there.Contains(KeyOf(one).ToString())));
        return lacking;
    }

    private async ValueTask KeepAsync(LfsObject one, Stream content, CancellationToken cancellationToken)
    {
        content.Position = 0;
        await target.PutStreamAsync(KeyOf(one), content, Content, cancellationToken).ConfigureAwait(false);
    }

    private static BlobKey KeyOf(LfsObject one) => MirrorLayout.LfsObjectOf(one.Oid);
}
