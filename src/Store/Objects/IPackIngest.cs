using Actors.Git.Objects;
using Actors.Git.Packs;

namespace Actors.Store.Objects;

/// <summary>The packs of one sync on their way in. Disposing without <see cref="CommitAsync"/> or <see cref="KeepAsideAsync"/> discards them.</summary>
public interface IPackIngest : IAsyncDisposable
{
    /// <summary>Takes in one pack: scans as the bytes come, resolves, hashes, completes from the store and from this ingest's earlier packs. Not visible yet.</summary>
    /// <exception cref="Git.GitFormatException">Bad bytes or over a limit: nothing of this pack remains.</exception>
    Task<PackIndexResult> AddAsync(Stream pack, CancellationToken cancellationToken);

    /// <summary>
    /// Takes in objects that this process has made: they are written as one pack, and not read again, because whoever writes them has computed their ids
    /// from what is written. Not visible yet. After a failure nothing of the pack remains.
    /// </summary>
    /// <param name="count">How many will be written.</param>
    /// <param name="level">zlib level.</param>
    /// <param name="references">What they refer to, each other too.</param>
    /// <param name="write">Writes them, each oid once, a delta after its base.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task AddMadeAsync(uint count, int level, IReadOnlyCollection<ObjectReference> references, Func<PackWriter, CancellationToken, Task> write, CancellationToken cancellationToken);

    /// <summary>What the ingest's packs refer to and neither they nor the store have. Empty: closed.</summary>
    ValueTask<IReadOnlyList<ObjectReference>> FindMissingAsync(CancellationToken cancellationToken);

    /// <summary>Which of these objects neither the ingest's packs nor the store have.</summary>
    ValueTask<IReadOnlyList<Oid>> FindAbsentAsync(IReadOnlyList<Oid> oids, CancellationToken cancellationToken);

    /// <summary>
    /// Compares what the store already has by content, checks closure, makes the packs visible and durable. When
    /// <see cref="CommitResult.Status"/> is not <see cref="CommitStatus.Committed"/>, the packs were kept aside and nothing changed.
    /// </summary>
    /// <param name="reason">For the note beside a pack kept aside: which repository, which visit.</param>
    /// <param name="newObjects">Told each object that the store did not have, after the commit; or null.</param>
    /// <param name="cancellationToken">Before the commit point: ends it, the packs are discarded.</param>
    Task<CommitResult> CommitAsync(string reason, Action<Oid, ObjectType>? newObjects, CancellationToken cancellationToken);

    /// <summary>Puts the packs aside, to be looked at by a person or made visible when what they lack has come.</summary>
    Task KeepAsideAsync(string reason, CancellationToken cancellationToken);
}
