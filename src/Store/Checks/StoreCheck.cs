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
public sealed class StoreCheck
{
    private const int Batch = 4096;
    private const int RepositoriesBetweenReports = 1000;
    private const int RepositoriesTogether = 16;

    private readonly ICheckedStore _store;
    private readonly IHeadStore? _heads;
    private readonly StoreCheckOptions _options;
    private readonly HashSet<SnapshotId> _snapshots = [];

    /// <summary>Prepares a check.</summary>
    /// <param name="store">The store: a local or a shared one.</param>
    /// <param name="heads">Its head database, or null: packs only.</param>
    /// <param name="options">What to check.</param>
    /// <exception cref="ArgumentException">A store without packs.</exception>
    public StoreCheck(IObjectStore store, IHeadStore? heads, StoreCheckOptions options)
    {
        _store = store as ICheckedStore ?? throw new ArgumentException("This store has no packs to check.", nameof(store));
        (_heads, _options) = (heads, options);
    }

    /// <summary>What was looked at so far.</summary>
    public StoreCheckCounts Counts { get; private set; } = new();

    /// <summary>Runs the check; each problem is told as it is found.</summary>
    /// <exception cref="IOException">The disk cannot be read.</exception>
    public async IAsyncEnumerable<StoreProblem> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<CheckedPack> packs = [.. (await _store.ListPacksAsync(cancellationToken).ConfigureAwait(false)).OrderBy(pack => pack.Name)];
        Counts = new StoreCheckCounts
        {
            PacksInAll = packs.Count,
            BytesInAll = packs.Sum(pack => pack.PackBytes),
            RepositoriesInAll = _heads is null ? 0 : (await _heads.CountByOutcomeAsync(cancellationToken).ConfigureAwait(false)).Sum(),
        };
        if (_store is LocalObjectStore local)
        {
            foreach (StoreProblem problem in CheckObjectIndex(local, cancellationToken))
            {
                yield return Count(problem);
            }
        }

        foreach (CheckedPack pack in packs)
        {
            foreach (StoreProblem problem in await CheckPackAsync(pack, cancellationToken).ConfigureAwait(false))
            {
                yield return Count(problem);
            }

            _options.Progress?.Report(Counts);
        }

        if (_heads is not null)
        {
            await foreach (StoreProblem problem in CheckHeadsAsync(_heads, cancellationToken).ConfigureAwait(false))
            {
                yield return Count(problem);
            }
        }

        _options.Progress?.Report(Counts);
    }

    private StoreProblem Count(StoreProblem problem)
    {
        Counts = Counts with { Problems = Counts.Problems + 1 };
        return problem;
    }

    /// <summary>That the index's files are whole, and that no entry promises an object that is not there.</summary>
    private static List<StoreProblem> CheckObjectIndex(LocalObjectStore store, CancellationToken cancellationToken)
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
                    if (!IsIn(store, pack, oids[i], ref lease) && ++strays <= Limits.MissingListed)
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

    private async Task<List<StoreProblem>> CheckPackAsync(CheckedPack size, CancellationToken cancellationToken)
    {
        var problems = new List<StoreProblem>();
        CheckedPackLease? lease;
        try
        {
            lease = await _store.RentPackAsync(size.Key, whole: true, cancellationToken).ConfigureAwait(false);
            if (lease is null)
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
            var check = new PackCheck(size.Name, lease.Pack, lease.PackPath, lease.IndexPath, _options.Threads);
            await check.IndexAnewAsync(cancellationToken).ConfigureAwait(false);
            if (_options.Collisions)
            {
                check.DetectCollisions(cancellationToken);
            }

            problems.AddRange(check.Problems);
            await CheckFindableAsync(size, lease.Pack, problems, cancellationToken).ConfigureAwait(false);
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
    private async Task CheckFindableAsync(CheckedPack size, IndexedPack pack, List<StoreProblem> problems, CancellationToken cancellationToken)
    {
        CheckedPackLease? other = null;
        try
        {
            for (int start = 0; start < pack.Count; start += Batch)
            {
                Oid[] oids = pack.Oids.Slice(start, Math.Min(Batch, pack.Count - start)).ToArray();
                Oid?[] keys = await _store.FindPacksAsync(oids, cancellationToken).ConfigureAwait(false);
                for (int i = 0; i < oids.Length; i++)
                {
                    if (keys[i] is not Oid key)
                    {
                        problems.Add(new StoreProblem(StoreProblemKind.ObjectIndex, $"pack-{size.Name}", oids[i], $"the index over all packs does not find {oids[i]}"));
                        continue;
                    }

                    if (key != size.Key && other?.Key != key)
                    {
                        other?.Dispose();
                        other = await RentOtherAsync(key, cancellationToken).ConfigureAwait(false);
                    }

                    if (key != size.Key && other is not null && !other.Pack.TryFind(oids[i], out _))
                    {
                        problems.Add(new StoreProblem(
                            StoreProblemKind.ObjectIndex, $"pack-{size.Name}", oids[i], $"the index over all packs says that pack-{other.Pack.Index.PackChecksum} has {oids[i]}"));
                    }
                }
            }
        }
        finally
        {
            other?.Dispose();
        }
    }

    /// <summary>A pack that should have an object. A damaged one is told where it is checked itself.</summary>
    private async Task<CheckedPackLease?> RentOtherAsync(Oid key, CancellationToken cancellationToken)
    {
        try
        {
            return await _store.RentPackAsync(key, whole: false, cancellationToken).ConfigureAwait(false);
        }
        catch (GitFormatException)
        {
            return null;
        }
    }

    /// <summary>Whether a pack has an object. The lease is kept for the next question, which is often about the same pack.</summary>
    private static bool IsIn(LocalObjectStore store, Oid pack, Oid oid, ref PackLease? lease)
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
            await _store.ReadTypesAsync(oids, types, cancellationToken).ConfigureAwait(false);
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

    /// <summary>Several repositories at once: each is some round trips to the head database.</summary>
    private async IAsyncEnumerable<StoreProblem> CheckHeadsAsync(IHeadStore from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (RepositoryState[] some in from.ListAsync(cancellationToken).Chunk(RepositoriesTogether).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            SnapshotId[][] ids = await Task.WhenAll(some.Select(one => ListSnapshotsAsync(from, one, cancellationToken).Distinct().ToArrayAsync(cancellationToken).AsTask())).ConfigureAwait(false);
            List<Task<List<StoreProblem>>> checks = [];
            for (int i = 0; i < some.Length; i++)
            {
                // Forks and visits share snapshots: each is checked once.
                RepositoryState repository = some[i];
                checks.AddRange(ids[i].Where(_snapshots.Add).Select(id => CheckSnapshotAsync(from, repository, id, cancellationToken)));
            }

            foreach (StoreProblem problem in (await Task.WhenAll(checks).ConfigureAwait(false)).SelectMany(problems => problems))
            {
                yield return problem;
            }

            Counts = Counts with { Repositories = Counts.Repositories + some.Length, Snapshots = Counts.Snapshots + checks.Count };
            if (Counts.Repositories / RepositoriesBetweenReports != (Counts.Repositories - some.Length) / RepositoriesBetweenReports)
            {
                _options.Progress?.Report(Counts);
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

        if (_options.AllVisits)
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
        await _store.ContainsAsync(oids, present, cancellationToken).ConfigureAwait(false);
        return
        [
            .. branches.Where((_, i) => !present[i])
                .Select(branch => new StoreProblem(StoreProblemKind.Head, where, branch.Oid, $"{branch.Name} is {branch.Oid}, which is not in the store")),
        ];
    }
}
