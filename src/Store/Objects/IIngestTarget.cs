using Actors.Git.Objects;
using Actors.Git.Packs;

namespace Actors.Store.Objects;

/// <summary>A store of packs, as its ingests see it.</summary>
internal interface IIngestTarget : IObjectStore
{
    /// <summary>Whether packs on their way in are flushed to the disk: where they become visible by a rename.</summary>
    bool FlushesIncoming { get; }

    /// <summary>For packs on their way in too.</summary>
    DeltaBaseCache Bases { get; }

    /// <summary>See <see cref="IPackIngest.CommitAsync"/>.</summary>
    Task<CommitResult> CommitAsync(PackIngest ingest, string reason, Action<Oid, ObjectType>? newObjects, CancellationToken cancellationToken);

    /// <summary>Puts an ingest aside under a name that its content gives it; one without packs leaves nothing.</summary>
    Task KeepAsideAsync(PackIngest ingest, AsideNote note, IReadOnlyList<ObjectReference> missing, CancellationToken cancellationToken);

    /// <summary>The ingest's files are gone.</summary>
    void Forget(PackIngest ingest);
}
