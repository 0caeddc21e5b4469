using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Git.Remotes;
using Actors.Store.Objects;

namespace Actors.Sync.Repositories;

/// <summary>
/// Rung (d): commits, trees and tags in one pack, then the blobs that the store lacks, wanted by name, in a second pack of
/// the same ingest. Stored trees are haves: git's own server then leaves out all that is in them, others send it again.
/// </summary>
internal sealed partial class Ladder
{
    private async Task<RungEnd> FetchMissingBlobsAsync(CancellationToken cancellationToken)
    {
        if (_shortHistory && _knownTrees.Count > 0)
        {
            // Few commits have few other versions of what the stored trees hold: one request, with deltas.
            return await FetchBesideKnownTreesAsync(cancellationToken).ConfigureAwait(false);
        }

        IPackIngest ingest = await BeginIngestAsync(cancellationToken).ConfigureAwait(false);
        await using (ingest.ConfigureAwait(false))
        {
            PackIndexResult? first = null;
            FetchResult result = await FetchAsync(
                new FetchRequest { Wants = _missing, Haves = [.. _knownTrees], Filter = ObjectFilter.BlobNone },
                async (pack, token) => first = await ingest.AddAsync(pack, token).ConfigureAwait(false),
                cancellationToken).ConfigureAwait(false);
            if (result.Failure is not null || first is null)
            {
                return result.Failure is null ? RungEnd.NotCarried : RungEnd.Failed(result.Failure);
            }

            IReadOnlyList<ObjectReference> missing = await ingest.FindMissingAsync(cancellationToken).ConfigureAwait(false);
            Oid[] blobs = [.. missing.Where(one => one.Type == ObjectType.Blob).Select(one => one.Oid)];
            long all = first.References.Count(one => one.Type == ObjectType.Blob);
            if (!BlobBargain.WantMissing(blobs.Length, all, first.CountByType[(int)ObjectType.Commit]))
            {
                return await FetchBesideKnownTreesAsync(cancellationToken).ConfigureAwait(false);
            }

            foreach (Oid[] batch in blobs.Chunk(Limits.WantsMax))
            {
                FetchResult second = await FetchAsync(
                    new FetchRequest { Wants = batch }, ingest.AddAsync, cancellationToken).ConfigureAwait(false);
                if (second.Failure is not null)
                {
                    return RungEnd.Failed(second.Failure);
                }
            }

            return await CloseAsync(ingest, result.Shallow.Count, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Too many versions to want one by one: all of it as deltas, but for what stored trees hold.</summary>
    private async Task<RungEnd> FetchBesideKnownTreesAsync(CancellationToken cancellationToken) => _knownTrees.Count == 0
        ? RungEnd.NotCarried
        : await FetchAndCommitAsync(new FetchRequest { Wants = _missing, Haves = [.. _knownTrees] }, cancellationToken).ConfigureAwait(false);
}
