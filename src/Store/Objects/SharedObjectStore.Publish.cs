using Actors.Git;
using Actors.Git.Objects;
using Actors.Store.Blobs;
using Actors.Store.Catalogue;
using Actors.Store.Compaction;
using Actors.Store.Packs;

namespace Actors.Store.Objects;

public sealed partial class SharedObjectStore
{
    /// <summary>After so many commits of others in between, the comparison is done while the others wait.</summary>
    private const int DeclinedMax = 6;

    /// <summary>
    /// Makes closed packs visible as one. 1. Compares them with each other, and with what has come since each was compared. 2. Merges them.
    /// 3. Uploads. 4. Commits, if nobody has committed since 1; else compares what came in between and commits then.
    /// </summary>
    /// <param name="members">What is to be published.</param>
    /// <param name="isOurs">Whether files may be moved into the cache afterwards.</param>
    /// <param name="cancellationToken">Before the commit point: ends it.</param>
    /// <returns>A collision, and nothing is visible; or what was new, and the bytes that the store grew by.</returns>
    private async Task<(PackCollision? Collision, IngestCensus Census, long StoredBytes)> PublishAsync(
        IReadOnlyList<PendingIngest> members, bool isOurs, CancellationToken cancellationToken)
    {
        var census = IngestCensus.Join([.. members.Select(one => one.Census)]);
        (PackCollision? collision, long seen) = await LookAgainAsync(census, cancellationToken).ConfigureAwait(false);
        IncomingPack[] needed = [.. census.Packs.Where(census.IsNeeded)];
        if (collision is not null || needed.Length == 0)
        {
            return (collision, census, 0);
        }

        IncomingPack whole = needed.Length == 1 ? needed[0] : await MergeAsync(needed, cancellationToken).ConfigureAwait(false);
        try
        {
            UploadIntent upload = await UploadAsync(whole, cancellationToken).ConfigureAwait(false);
            try
            {
                var pack = new NewPack(whole.Checksum, whole.Pack.File.Length, whole.Pack.Index.Length, whole.Pack.Count, [])
                {
                    Oids = whole.Pack.Count <= _options.OidsInCatalogueMax ? whole.Pack.Oids.ToArray() : null,
                };
                PackCommit commit = await CommitAsync(census, upload, pack, seen, found => collision = found, cancellationToken).ConfigureAwait(false);
                if (commit.Status == PackCommitStatus.Committed)
                {
                    await SeeOwnAsync(upload, whole, isOurs || needed.Length > 1).ConfigureAwait(false);
                    return (null, census, whole.Bytes);
                }

                await GiveUpAsync(upload).ConfigureAwait(false);
                return commit.Status == PackCommitStatus.Declined
                    ? (collision, census, 0)
                    : throw new IOException($"The upload of pack {whole.Checksum} took so long that it was swept; nothing was committed.");
            }
            catch
            {
                await GiveUpAsync(upload).ConfigureAwait(false);
                throw;
            }
        }
        finally
        {
            if (needed.Length > 1)
            {
                whole.Dispose();
                File.Delete(whole.PackPath);
                File.Delete(whole.IndexPath);
            }
        }
    }

    /// <summary>
    /// The commit, if no pack has been committed since the last look that may have objects of this one; who loses that race too often takes the lock of the catalogue's one row
    /// before the look. Groups of this process do not race each other.
    /// </summary>
    /// <returns>Declined: there is a collision, or nothing is new any more.</returns>
    private async Task<PackCommit> CommitAsync(
        IngestCensus census, UploadIntent upload, NewPack pack, long seen, Action<PackCollision> collide, CancellationToken cancellationToken)
    {
        await _commitTurn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            for (int attempt = 0; attempt < DeclinedMax; attempt++)
            {
                Step("committing");
                PackCommit commit = await _catalogue.CommitPackAsync(upload, pack, seen, cancellationToken).ConfigureAwait(false);
                if (commit.Status != PackCommitStatus.Declined || !await LookOnceMoreAsync().ConfigureAwait(false))
                {
                    return commit;
                }
            }

            return await _catalogue.CommitPackAsync(
                upload,
                pack,
                async last =>
                {
                    Step("commit-locked");
                    return last == seen || (await LookOnceMoreAsync().ConfigureAwait(false) && last == seen);
                },
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _commitTurn.Release();
        }

        async Task<bool> LookOnceMoreAsync()
        {
            (PackCollision? collision, seen) = await LookAgainAsync(census, cancellationToken).ConfigureAwait(false);
            Step("looked-again");
            if (collision is not null)
            {
                collide(collision);
            }

            return collision is null && census.Packs.Any(census.IsNeeded);
        }
    }

    /// <summary>Compares what has become known since the census looked last.</summary>
    /// <returns>The first collision; and the sequence up to which everything has been looked at.</returns>
    private async Task<(PackCollision? Collision, long Seen)> LookAgainAsync(IngestCensus census, CancellationToken cancellationToken)
    {
        long seen = await RefreshAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<bool[]> present = await LookUpAsync(census.Packs, cancellationToken).ConfigureAwait(false);
        return (await FindCollisionAsync(census.Look(present), cancellationToken).ConfigureAwait(false), seen);
    }

    private async Task<IncomingPack> MergeAsync(IReadOnlyList<IncomingPack> packs, CancellationToken cancellationToken)
    {
        string packPath = _cache.NewPath(".pack");
        string indexPath = Path.ChangeExtension(packPath, ".idx");
        PackSelection[] all = PackSelection.AllOf([.. packs.Select(one => one.Pack)]);
        _ = await PackMerge.WriteFilesAsync(all, packPath, indexPath, fsync: false, deltas: false, null, cancellationToken).ConfigureAwait(false);
        return IncomingPack.Open(packPath, indexPath, _bases);
    }

    /// <summary>The intent first, then the blobs. After a failure the intent is given up; when that fails too, or the process dies, it is swept.</summary>
    private async Task<UploadIntent> UploadAsync(IncomingPack pack, CancellationToken cancellationToken)
    {
        UploadIntent upload = await _catalogue.BeginUploadAsync(
            id => [BlobNames.Pack(pack.Checksum, id), BlobNames.PackIndex(pack.Checksum, id)], cancellationToken).ConfigureAwait(false);
        Step("upload-begun");
        await PutAsync(upload, [pack.PackPath, pack.IndexPath], cancellationToken).ConfigureAwait(false);
        return upload;
    }

    private async Task PutAsync(UploadIntent upload, string[] files, CancellationToken cancellationToken)
    {
        try
        {
            for (int i = 0; i < files.Length; i++)
            {
                var file = new FileStream(files[i], FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
                await using (file.ConfigureAwait(false))
                {
                    // The name is this upload's alone: a blob that is there already is what an earlier attempt wrote, unheard.
                    if (!await _blobs.PutAsync(upload.Keys[i], file, BlobPutOptions.Absent, cancellationToken).ConfigureAwait(false)
                        && (await _blobs.FindAsync(upload.Keys[i], cancellationToken).ConfigureAwait(false))?.Length != file.Length)
                    {
                        throw new BlobStoreException($"{upload.Keys[i]} in {_blobs.Location} is not what was written there.", isTransient: false);
                    }
                }

                Step("blob-uploaded");
            }
        }
        catch
        {
            await GiveUpAsync(upload).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Removes an upload that will not be committed: first the intent, so that nobody can commit it, then the blobs.</summary>
    private async Task GiveUpAsync(UploadIntent upload)
    {
        Step("giving-up");
        try
        {
            if (await _catalogue.GiveUpUploadAsync(upload.Id, CancellationToken.None).ConfigureAwait(false))
            {
                await _blobs.DeleteAsync(upload.Keys, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (IOException)
        {
            // What is left is swept; the caller hears of the failure that led here.
        }
    }

    /// <summary>What this process committed it sees at once, and does not fetch: its files become the cache's.</summary>
    private async Task SeeOwnAsync(UploadIntent upload, IncomingPack files, bool isOurs)
    {
        Step("committed");
        try
        {
            if (isOurs)
            {
                _cache.Adopt(upload.Keys[0], files.PackPath);
                _cache.Adopt(upload.Keys[1], files.IndexPath);
            }

            _ = await RefreshAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It is committed, whatever happens here: the next look-up has to look first.
            Volatile.Write(ref _mustRefresh, true);
        }
    }
}
