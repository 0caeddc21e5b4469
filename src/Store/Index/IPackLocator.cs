using Actors.Git.Objects;

namespace Actors.Store.Index;

/// <summary>The object index of a shared store: which pack, by its sequence in the catalogue, has an object. Safe for concurrent calls.</summary>
internal interface IPackLocator : IAsyncDisposable
{
    /// <summary>Takes in what became visible up to now.</summary>
    /// <returns>The sequence up to which every visible object is found from now on.</returns>
    /// <exception cref="IOException">The catalogue or the blobs cannot be reached.</exception>
    Task<long> RefreshAsync(CancellationToken cancellationToken);

    /// <summary>Membership of a batch, in any order.</summary>
    ValueTask ContainsAsync(ReadOnlyMemory<Oid> oids, Memory<bool> present, CancellationToken cancellationToken);

    /// <summary>Sequences of packs that have a batch's objects, -1 where none has. A pack may have been merged into another one since: the catalogue says into which.</summary>
    ValueTask LocateAsync(ReadOnlyMemory<Oid> oids, Memory<long> packSequences, CancellationToken cancellationToken);

    /// <summary>Bytes and runs of the index, for people.</summary>
    ValueTask<(long Bytes, int Runs)> ReadFiguresAsync(CancellationToken cancellationToken);
}
