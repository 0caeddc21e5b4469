using Actors.Git;
using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Store.Compaction;
using Actors.Store.Index;
using Actors.Store.Packs;

namespace Actors.Store.Objects;

public sealed partial class LocalObjectStore
{
    bool IIngestTarget.FlushesIncoming => _options.Fsync;

    DeltaBaseCache IIngestTarget.Bases => _bases;

    /// <summary>
    /// 1. Compares what the store has already. 2. Checks closure. 3. Brings the packs into an order in which the store is
    /// closed after each. 4. Under the gate: compares what others committed meanwhile, renames, indexes.
    /// </summary>
    async Task<CommitResult> IIngestTarget.CommitAsync(
        PackIngest ingest, string reason, Action<Oid, ObjectType>? newObjects, CancellationToken cancellationToken)
    {
        DemandWriter();
        long seenCommits = Volatile.Read(ref _commitCount);
        var census = new IngestCensus(ingest.Packs);
        Oid? colliding = FindCollision(census.Look(LookUp(census.Packs)));
        IReadOnlyList<ObjectReference> missing =
            colliding is null ? await ingest.FindMissingAsync(cancellationToken).ConfigureAwait(false) : [];
        if (colliding is not null || missing.Count > 0)
        {
            return Refuse(ingest, reason, colliding, missing);
        }

        List<IncomingPack> publishable = await OrderForPublishingAsync(census, ingest.DirectoryPath, cancellationToken).ConfigureAwait(false);
        long storedBytes = 0;
        await _commits.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Nothing is cancelled from here on: half of a commit helps nobody.
            colliding = seenCommits == _commitCount ? null : FindCollision(census.Look(LookUp(census.Packs)));
            if (colliding is not null)
            {
                return Refuse(ingest, reason, colliding, []);
            }

            publishable.RemoveAll(pack => !census.IsNeeded(pack));
            storedBytes = publishable.Sum(Publish);
        }
        finally
        {
            _ = _commits.Release();
        }

        if (newObjects is not null)
        {
            census.TellNew(newObjects);
        }

        return new CommitResult
        {
            Status = CommitStatus.Committed,
            NewObjects = census.NewCount,
            KnownObjects = census.KnownCount,
            StoredBytes = storedBytes,
        };
    }

    /// <summary>Makes one closed pack visible and durable: its index's rename is the commit point. Called under the gate.</summary>
    /// <returns>Bytes that the store grew by.</returns>
    private long Publish(IncomingPack pack)
    {
        if (_packs.TryRent(pack.Checksum, out PackLease? same))
        {
            using (same)
            {
                return same.Pack.Oids.SequenceEqual(pack.Pack.Oids)
                    ? 0
                    : throw new GitFormatException(GitFormatError.Collision, $"Pack {pack.Checksum} has the name of a stored one and other objects.");
            }
        }

        File.Move(pack.PackPath, _layout.PackFile(pack.Checksum), overwrite: true);
        Step("pack-renamed");
        File.Move(pack.IndexPath, _layout.IndexFile(pack.Checksum), overwrite: true);
        Step("idx-renamed");
        if (_options.Fsync)
        {
            DurableFiles.FlushDirectory(_layout.Packs);
        }

        _ = _packs.Add(pack.Checksum);
        _index.AddPack(pack.Checksum, pack.Pack.Oids);

        // Last: whoever reads the new count finds the new objects, and whoever read the old one looks again under the gate.
        Volatile.Write(ref _commitCount, _commitCount + 1);
        Step("index-added");
        return pack.Bytes;
    }

    /// <summary>
    /// The packs with something new, so that each needs only the store and those before it. Packs that need each other both
    /// ways become one, because two renames are two steps.
    /// </summary>
    private async Task<List<IncomingPack>> OrderForPublishingAsync(IngestCensus census, string directory, CancellationToken cancellationToken)
    {
        IncomingPack[] packs = [.. census.Packs.Where(census.IsNeeded)];
        if (packs.Length < 2)
        {
            return [.. packs];
        }

        PackDependencies solved = PackDependencies.Solve(
            [.. packs.Select(pack => FindAbsent([.. pack.References.Select(one => one.Oid)]))],
            (i, oid) => packs[i].Pack.TryFind(oid, out _));
        var ordered = new List<IncomingPack>();
        foreach (IReadOnlyList<int> batch in solved.Batches())
        {
            IncomingPack[] members = [.. batch.Order().Select(i => packs[i])];
            ordered.Add(members.Length == 1 ? members[0] : await MergeIncomingAsync(census, members, directory, cancellationToken).ConfigureAwait(false));
        }

        return ordered;
    }

    private async Task<IncomingPack> MergeIncomingAsync(
        IngestCensus census, IncomingPack[] members, string directory, CancellationToken cancellationToken)
    {
        string packPath = Path.Combine(directory, $"merged-{members[0].Checksum}.pack");
        string indexPath = Path.ChangeExtension(packPath, ".idx");
        PackSelection[] all = PackSelection.AllOf([.. members.Select(one => one.Pack)]);
        _ = await PackMerge.WriteFilesAsync(all, packPath, indexPath, _options.Fsync, deltas: false, null, cancellationToken).ConfigureAwait(false);
        var merged = IncomingPack.Open(packPath, indexPath, _bases);
        census.AddMerged(merged);
        return merged;
    }

    private CommitResult Refuse(PackIngest ingest, string reason, Oid? colliding, IReadOnlyList<ObjectReference> missing)
    {
        KeepAside(ingest, new AsideNote { Reason = reason, Colliding = colliding?.ToString(), MissingCount = missing.Count }, missing);
        return new CommitResult
        {
            Status = colliding is not null ? CommitStatus.Collision : CommitStatus.NotClosed,
            Missing = [.. missing.Take(Limits.MissingListed)],
            MissingCount = missing.Count,
            Colliding = colliding,
        };
    }

    /// <summary>The first object that came and is not what is here under its id, if there is one.</summary>
    private Oid? FindCollision(IReadOnlyList<KnownObjects> known)
    {
        foreach (KnownObjects batch in known)
        {
            using var comparison = new PackComparison(batch.Pack.Pack, batch.Earlier?.Pack, oid => Rent(oid, out _));
            if (comparison.FindDifferent(batch.Positions) is int position)
            {
                return batch.Pack.Pack.Oids[position];
            }
        }

        return null;
    }

    private List<bool[]> LookUp(IReadOnlyList<IncomingPack> packs)
    {
        var present = new List<bool[]>(packs.Count);
        foreach (IncomingPack pack in packs)
        {
            present.Add(new bool[pack.Pack.Count]);
            _index.Contains(pack.Pack.Oids, present[^1]);
        }

        return present;
    }

    private List<Oid> FindAbsent(Oid[] oids)
    {
        bool[] present = new bool[oids.Length];
        _index.Contains(oids, present);
        return [.. oids.Where((_, i) => !present[i])];
    }
}
