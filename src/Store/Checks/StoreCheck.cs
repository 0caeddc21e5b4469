using System.Runtime.CompilerServices;
using Actors.Git;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Store.Packs;

namespace Actors.Store.Checks;

/// <summary>
/// Checks a whole store: 1. every pack, by indexing it anew; 2. that the index over all packs finds every object where it is;
/// 3. closure: that everything referred to is here, with the type that the referrer says; 4. that the heads of all repositories
/// are here; 5. if asked, that no object was made to collide. Reads only. Packs that a compaction removes meanwhile are passed
/// over, so check a store that nobody compacts.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="heads">Its head database, or null: packs only.</param>
/// <param name="options">What to check.</param>
public sealed class StoreCheck(LocalObjectStore store, IHeadStore? heads, StoreCheckOptions options)
{
    private const int Batch = 4096;
    private const int RepositoriesBetweenReports = 1000;

    private readonly HashSet<SnapshotId> _snapshots = [];

    /// <summary>What was looked at so far.</summary>
    public StoreCheckCounts Counts { get; private set; } = new();

    /// <summary>Runs the check; each problem is told as it is found.</summary>
    /// <exception cref="IOException">The disk cannot be read.</exception>
    public async IAsyncEnumerable<StoreProblem> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<PackSize> packs = [.. store.ListVisiblePacks().OrderBy(pack => pack.Name)];
        Counts = new StoreCheckCounts { PacksInAll = packs.Count, BytesInAll = packs.Sum(pack => pack.PackBytes) };
        foreach (StoreProblem problem in CheckObjectIndex(cancellationToken))
        {
            yield return Count(problem);
        }

        foreach (PackSize pack in packs)
        {
            foreach (StoreProblem problem in await CheckPackAsync(pack, cancellationToken).ConfigureAwait(false))
            {
                yield return Count(problem);
            }

            options.Progress?.Report(Counts);
        }

        if (heads is not null)
        {
            await foreach (StoreProblem problem in CheckHeadsAsync(heads, cancellationToken).ConfigureAwait(false))
            {
                yield return Count(problem);
            }
        }

        options.Progress?.Report(Counts);
    }

    private StoreProblem Count(StoreProblem problem)
    {
        Counts = Counts with { Problems = Counts.Problems + 1 };
        return problem;
    }

    /// <summary>That the index's files are whole, and that no entry promises an object that is not there.</summary>
    private List<StoreProblem> CheckObjectIndex(CancellationToken cancellationToken)
    {
        var problems = new List<StoreProblem>();
        long strays = 0;
        PackLease? lease = null;
        try
        {
            store.ObjectIndex.Verify();
            store.ObjectIndex.VisitRuns((oids, packs) =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                for (int i = 0; i < oids.Length; i++)
                {
                    Oid pack = store.ObjectIndex.PackOf(packs[i]);
                    if (!IsIn(pack, oids[i], ref lease) && ++strays <= Limits.MissingListed)
                    {
                        problems.Add(new StoreProblem(StoreProblemKind.ObjectIndex, "index", oids[i], $"says that pack-{pack} has {oids[i]}"));
                    }
                }
            });
        }
        catch (InvalidDataException damage)
        {
            problems.Add(new StoreProblem(StoreProblemKind.ObjectIndex, "index", null, damage.Message));
        }
        finally
        {
            lease?.Dispose();
        }

        if (strays > Limits.MissingListed)
        {
            problems.Add(new StoreProblem(StoreProblemKind.ObjectIndex, "index", null, $"{strays} such objects in all"));
        }

        return problems;
    }

    private async Task<List<StoreProblem>> CheckPackAsync(PackSize size, CancellationToken cancellationToken)
    {
        var problems = new List<StoreProblem>();
        PackLease? lease;
        try
        {
            if (!store.TryRentPack(size.Name, out lease))
            {
                return problems;
            }
        }
        catch (GitFormatException damage)
        {
            StoreProblemKind kind = damage.Kind == GitFormatError.PackIndex ? StoreProblemKind.PackIndex : StoreProblemKind.Pack;
            return [new StoreProblem(kind, $"pack-{size.Name}", null, damage.Message)];
        }

        using (lease)
        {
            var check = new PackCheck(size.Name, lease.Pack, store.Layout.PackFile(size.Name), store.Layout.IndexFile(size.Name), options.Threads);
            await check.IndexAnewAsync(cancellationToken).ConfigureAwait(false);
            if (options.Collisions)
            {
                check.DetectCollisions(cancellationToken);
            }

            problems.AddRange(check.Problems);
            CheckFindable(size.Name, lease.Pack, problems);
            await CheckReferencesAsync(size.Name, check.References ?? [], problems, cancellationToken).ConfigureAwait(false);
            Counts = Counts with
            {
                Packs = Counts.Packs + 1,
                Bytes = Counts.Bytes + size.PackBytes,
                Objects = Counts.Objects + lease.Pack.Count,
                References = Counts.References + (check.References?.Count ?? 0),
            };
        }

        return problems;
    }

    /// <summary>The index over all packs must find each object, in this pack or in another one that has it too.</summary>
    private void CheckFindable(Oid name, IndexedPack pack, List<StoreProblem> problems)
    {
        int[] numbers = new int[Batch];
        PackLease? lease = null;
        for (int start = 0; start < pack.Count; start += Batch)
        {
            ReadOnlySpan<Oid> oids = pack.Oids.Slice(start, Math.Min(Batch, pack.Count - start));
            store.ObjectIndex.Locate(oids, numbers.AsSpan(0, oids.Length));
            for (int i = 0; i < oids.Length; i++)
            {
                if (numbers[i] < 0)
                {
                    problems.Add(new StoreProblem(StoreProblemKind.ObjectIndex, $"pack-{name}", oids[i], $"the index over all packs does not find {oids[i]}"));
                }
                else if (store.ObjectIndex.PackOf(numbers[i]) is Oid other && other != name && !IsIn(other, oids[i], ref lease))
                {
                    problems.Add(new StoreProblem(StoreProblemKind.ObjectIndex, $"pack-{name}", oids[i], $"the index over all packs says that pack-{other} has {oids[i]}"));
                }
            }
        }

        lease?.Dispose();
    }

    /// <summary>Whether a pack has an object. The lease is kept for the next question, which is often about the same pack.</summary>
    private bool IsIn(Oid pack, Oid oid, ref PackLease? lease)
    {
        try
        {
            if (lease?.Pack.Index.PackChecksum != pack)
            {
                lease?.Dispose();
                lease = null;
                if (!store.TryRentPack(pack, out lease))
                {
                    return false;
                }
            }

            return lease.Pack.TryFind(oid, out _);
        }
        catch (GitFormatException)
        {
            // A damaged pack is told where it is checked itself.
            return true;
        }
    }

    private async Task CheckReferencesAsync(
        Oid name, IReadOnlyList<ObjectReference> references, List<StoreProblem> problems, CancellationToken cancellationToken)
    {
        foreach (ObjectReference[] batch in references.Chunk(Batch))
        {
            ObjectType[] types = await ReadTypesAsync([.. batch.Select(one => one.Oid)], cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < batch.Length; i++)
            {
                (Oid oid, ObjectType type) = batch[i];
                if (types[i] == ObjectType.None)
                {
                    problems.Add(new StoreProblem(StoreProblemKind.Reference, $"pack-{name}", oid, $"refers to {type.ToName()} {oid}, which is not in the store"));
                }
                else if (types[i] != type && type != ObjectType.None)
                {
                    problems.Add(new StoreProblem(StoreProblemKind.Reference, $"pack-{name}", oid, $"refers to {oid} as a {type.ToName()}, but it is a {types[i].ToName()}"));
                }
            }
        }
    }

    /// <summary>Types of a batch; what cannot be read for damage counts as not here.</summary>
    private async Task<ObjectType[]> ReadTypesAsync(Oid[] oids, CancellationToken cancellationToken)
    {
        var types = new ObjectType[oids.Length];
        try
        {
            await store.ReadTypesAsync(oids, types, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception damage) when (IsDamage(damage) && oids.Length == 1)
        {
            types[0] = ObjectType.None;
        }
        catch (Exception damage) when (IsDamage(damage))
        {
            for (int i = 0; i < oids.Length; i++)
            {
                types[i] = (await ReadTypesAsync([oids[i]], cancellationToken).ConfigureAwait(false))[0];
            }
        }

        return types;

        static bool IsDamage(Exception exception) => exception is GitFormatException or InvalidDataException;
    }

    private async IAsyncEnumerable<StoreProblem> CheckHeadsAsync(IHeadStore from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (RepositoryState repository in from.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            await foreach (SnapshotId id in ListSnapshotsAsync(from, repository, cancellationToken).ConfigureAwait(false))
            {
                // Forks and visits share snapshots: each is checked once.
                if (_snapshots.Add(id))
                {
                    Counts = Counts with { Snapshots = Counts.Snapshots + 1 };
                    foreach (StoreProblem problem in await CheckSnapshotAsync(from, repository, id, cancellationToken).ConfigureAwait(false))
                    {
                        yield return problem;
                    }
                }
            }

            Counts = Counts with { Repositories = Counts.Repositories + 1 };
            if (Counts.Repositories % RepositoriesBetweenReports == 0)
            {
                options.Progress?.Report(Counts);
            }
        }
    }

    private async IAsyncEnumerable<SnapshotId> ListSnapshotsAsync(
        IHeadStore from, RepositoryState repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (repository.Snapshot is { } current)
        {
            yield return current;
        }

        if (options.AllVisits)
        {
            await foreach (Visit visit in from.ListVisitsAsync(repository.Url, cancellationToken).ConfigureAwait(false))
            {
                if (visit.Snapshot is { } earlier)
                {
                    yield return earlier;
                }
            }
        }
    }

    private async Task<List<StoreProblem>> CheckSnapshotAsync(IHeadStore from, RepositoryState repository, SnapshotId id, CancellationToken cancellationToken)
    {
        string where = repository.Url.ToString();
        Snapshot? snapshot = await from.ReadSnapshotAsync(id, cancellationToken).ConfigureAwait(false);
        if (snapshot is null)
        {
            return [new StoreProblem(StoreProblemKind.Snapshot, where, null, $"its snapshot {id} is not in the head database")];
        }

        // An alias of a branch that is here itself says nothing more.
        HashSet<RefName> names = [.. snapshot.Branches.Select(branch => branch.Name)];
        SnapshotBranch[] branches =
            [.. snapshot.Branches.Where(branch => !branch.Oid.IsZero && !(branch.AliasOf is { } target && names.Contains(target)))];
        Oid[] oids = Array.ConvertAll(branches, branch => branch.Oid);
        bool[] present = new bool[oids.Length];
        await store.ContainsAsync(oids, present, cancellationToken).ConfigureAwait(false);
        return
        [
            .. branches.Where((_, i) => !present[i])
                .Select(branch => new StoreProblem(StoreProblemKind.Head, where, branch.Oid, $"{branch.Name} is {branch.Oid}, which is not in the store")),
        ];
    }
}
