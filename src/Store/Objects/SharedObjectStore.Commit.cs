using Actors.Git.Objects;
using Actors.Store.Packs;

namespace Actors.Store.Objects;

public sealed partial class SharedObjectStore
{
    /// <summary>
    /// 1. Compares what the store has already. 2. Checks closure. 3. Hands the packs to the group commit, which compares what others
    /// commit meanwhile.
    /// </summary>
    async Task<CommitResult> IIngestTarget.CommitAsync(
        PackIngest ingest, string reason, Action<Oid, ObjectType>? newObjects, CancellationToken cancellationToken)
    {
        _ = await RefreshAsync(cancellationToken).ConfigureAwait(false);
        var census = new IngestCensus(ingest.Packs);
        Oid? colliding = (await FindCollisionAsync(census.Look(await LookUpAsync(ingest.Packs, cancellationToken).ConfigureAwait(false)), cancellationToken).ConfigureAwait(false))?.Oid;
        IReadOnlyList<ObjectReference> missing =
            colliding is null ? await ingest.FindMissingAsync(cancellationToken).ConfigureAwait(false) : [];
        if (colliding is not null || missing.Count > 0)
        {
            return await RefuseAsync(ingest, reason, colliding, missing, cancellationToken).ConfigureAwait(false);
        }

        if (!ingest.Packs.Any(census.IsNeeded))
        {
            return new CommitResult { Status = CommitStatus.Committed, KnownObjects = census.KnownCount };
        }

        PublishedIngest end = await _group.CommitAsync(new PendingIngest(census), cancellationToken).ConfigureAwait(false);
        if (end.Colliding is Oid other)
        {
            return await RefuseAsync(ingest, reason, other, [], cancellationToken).ConfigureAwait(false);
        }

        if (newObjects is not null)
        {
            end.Census.TellNewIn(ingest.Packs, newObjects);
        }

        return new CommitResult
        {
            Status = CommitStatus.Committed,
            NewObjects = end.Census.CountNewIn(ingest.Packs),
            KnownObjects = end.Census.CountKnownIn(ingest.Packs),
            StoredBytes = end.StoredBytes,
        };
    }

    /// <summary>Publishes a group; members that collide with what came meanwhile, or with members before them, are left out one by one.</summary>
    private async Task PublishGroupAsync(IReadOnlyList<PendingIngest> members, CancellationToken cancellationToken)
    {
        List<PendingIngest> rest = [.. members];
        while (rest.Count > 0)
        {
            (PackCollision? collision, IngestCensus census, long storedBytes) = await PublishAsync(rest, isOurs: true, cancellationToken).ConfigureAwait(false);
            if (collision is not null)
            {
                PendingIngest bad = rest.First(one => one.Packs.Contains(collision.Pack));
                bad.Collide(collision.Oid);
                _ = rest.Remove(bad);
                continue;
            }

            long bytes = Math.Max(1, rest.Sum(one => one.Bytes));
            rest.ForEach(one => one.Succeed(new PublishedIngest(census, (long)((double)storedBytes * one.Bytes / bytes), null)));
            return;
        }
    }

    private async Task<CommitResult> RefuseAsync(
        PackIngest ingest, string reason, Oid? colliding, IReadOnlyList<ObjectReference> missing, CancellationToken cancellationToken)
    {
        var note = new AsideNote { Reason = reason, Colliding = colliding?.ToString(), MissingCount = missing.Count };
        await KeepAsideAsync(ingest, note, missing, cancellationToken).ConfigureAwait(false);
        return new CommitResult
        {
            Status = colliding is not null ? CommitStatus.Collision : CommitStatus.NotClosed,
            Missing = [.. missing.Take(Limits.MissingListed)],
            MissingCount = missing.Count,
            Colliding = colliding,
        };
    }

    private async Task<IReadOnlyList<bool[]>> LookUpAsync(IReadOnlyList<IncomingPack> packs, CancellationToken cancellationToken)
    {
        var present = new List<bool[]>(packs.Count);
        foreach (IncomingPack pack in packs)
        {
            present.Add(new bool[pack.Pack.Count]);
            for (int start = 0; start < pack.Pack.Count; start += Limits.LookUpBatch)
            {
                int length = Math.Min(Limits.LookUpBatch, pack.Pack.Count - start);
                Oid[] oids = pack.Pack.Oids.Slice(start, length).ToArray();
                await _index.ContainsAsync(oids, present[^1].AsMemory(start, length), cancellationToken).ConfigureAwait(false);
            }
        }

        return present;
    }

    private async Task<List<Oid>> FindAbsentAsync(IReadOnlyList<Oid> oids, CancellationToken cancellationToken)
    {
        bool[] present = new bool[oids.Count];
        await _index.ContainsAsync(oids.ToArray(), present, cancellationToken).ConfigureAwait(false);
        return [.. oids.Where((_, i) => !present[i])];
    }

    /// <summary>The first object that came and is not what is here under its id, if there is one.</summary>
    private async Task<PackCollision?> FindCollisionAsync(IReadOnlyList<KnownObjects> known, CancellationToken cancellationToken)
    {
        foreach (KnownObjects batch in known)
        {
            int? position = batch.Earlier is null
                ? await FindDifferentInStoreAsync(batch, cancellationToken).ConfigureAwait(false)
                : FindDifferent(batch.Pack, batch.Earlier.Pack, batch.Positions);
            if (position is int at)
            {
                return new PackCollision(batch.Pack, batch.Pack.Pack.Oids[at]);
            }
        }

        return null;
    }

    /// <summary>Compares with each stored pack what it has, after its entries have been fetched by few requests.</summary>
    private async Task<int?> FindDifferentInStoreAsync(KnownObjects batch, CancellationToken cancellationToken)
    {
        int? different = null;

        // In the order of the file a delta and its base come together, so that their bytes can be compared as they are.
        foreach (int[] part in batch.Pack.Pack.InOffsetOrder(batch.Positions).Chunk(Limits.ComparisonBatch))
        {
            Oid[] oids = Array.ConvertAll(part, position => batch.Pack.Pack.Oids[position]);
            await WithPacksAsync(
                oids,
                required: true,
                async (lease, indexes) =>
                {
                    if (different is null)
                    {
                        int[] places = [.. indexes.Select(i => PositionOf(lease, oids[i]))];
                        await lease.Cached.EnsureObjectsAsync(places, headersOnly: false, cancellationToken).ConfigureAwait(false);
                        different = FindDifferent(batch.Pack, lease.Pack, [.. indexes.Select(i => part[i])]);
                    }
                },
                cancellationToken).ConfigureAwait(false);
            if (different is not null)
            {
                return different;
            }
        }

        return null;
    }

    private static int? FindDifferent(IncomingPack came, IndexedPack stored, IReadOnlyList<int> positions)
    {
        using var comparison = new PackComparison(came.Pack, stored, _ => null);
        return comparison.FindDifferent(positions);
    }
}
