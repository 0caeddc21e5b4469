using Actors.Git.Objects;
using Actors.Store.Objects;

namespace Actors.Store.Checks;

/// <summary>A store of packs, as its check sees it. A key names a visible pack: its checksum, or its place in the catalogue.</summary>
internal interface ICheckedStore : IObjectStore
{
    /// <summary>What is visible now.</summary>
    Task<IReadOnlyList<CheckedPack>> ListPacksAsync(CancellationToken cancellationToken);

    /// <summary>A pack to read in; null when it was merged into another one meanwhile.</summary>
    /// <param name="key">Which.</param>
    /// <param name="whole">False: only its index will be read.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="Git.GitFormatException">It is damaged.</exception>
    Task<CheckedPackLease?> RentPackAsync(Oid key, bool whole, CancellationToken cancellationToken);

    /// <summary>Keys of the packs that have a batch's objects, by the object index; null where it knows of none.</summary>
    Task<Oid?[]> FindPacksAsync(ReadOnlyMemory<Oid> oids, CancellationToken cancellationToken);
}
