using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Store.Objects;

namespace Actors.Sync.Tests.Simulation.Fleets;

/// <summary>Packs on their way into a <see cref="FleetStore"/>.</summary>
internal sealed class FleetIngest(FleetStore store) : IPackIngest
{
    private readonly Dictionary<Oid, GitObject> _objects = [];

    public async Task<PackIndexResult> AddAsync(Stream pack, CancellationToken cancellationToken)
    {
        using MemoryStream bytes = new();
        await pack.CopyToAsync(bytes, cancellationToken);
        FleetPack came = store.Find(bytes.GetBuffer());
        foreach ((Oid oid, GitObject one) in came.Objects)
        {
            _objects[oid] = one;
        }

        return new PackIndexResult
        {
            Checksum = default, PackBytes = bytes.Length, ReceivedBytes = bytes.Length, ObjectCount = came.Objects.Count, CountByType = new int[5], AppendedBases = [], References = [],
        };
    }

    public Task AddMadeAsync(
        uint count, int level, IReadOnlyCollection<ObjectReference> references, Func<PackWriter, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No pack is made here.");

    public ValueTask<IReadOnlyList<ObjectReference>> FindMissingAsync(CancellationToken cancellationToken)
    {
        HashSet<ObjectReference> missing = [];
        foreach (Oid oid in _objects.Keys)
        {
            foreach (ObjectReference reference in FleetHistories.References[oid])
            {
                if (IsAbsent(reference.Oid))
                {
                    missing.Add(reference);
                }
            }
        }

        return ValueTask.FromResult<IReadOnlyList<ObjectReference>>([.. missing]);
    }

    public ValueTask<IReadOnlyList<Oid>> FindAbsentAsync(IReadOnlyList<Oid> oids, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<Oid>>([.. oids.Where(IsAbsent)]);

    public async Task<CommitResult> CommitAsync(string reason, Action<Oid, ObjectType>? newObjects, CancellationToken cancellationToken)
    {
        List<Oid> fresh = await store.CommitAsync(_objects, cancellationToken);
        return new CommitResult { Status = CommitStatus.Committed, NewObjects = fresh.Count, KnownObjects = _objects.Count - fresh.Count };
    }

    public Task KeepAsideAsync(string reason, CancellationToken cancellationToken)
    {
        store.KeepAside();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private bool IsAbsent(Oid oid) => !_objects.ContainsKey(oid) && !store.Has(oid);
}
