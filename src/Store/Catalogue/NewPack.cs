using Actors.Git.Objects;

namespace Actors.Store.Catalogue;

/// <summary>A pack whose blobs are up, about to become visible.</summary>
/// <param name="Name">Its checksum.</param>
/// <param name="PackBytes">Bytes of the pack.</param>
/// <param name="IndexBytes">Bytes of its <c>.idx</c>.</param>
/// <param name="Objects">Entries.</param>
/// <param name="Replaces">Visible packs whose objects it all has, which are replaced by the same transaction.</param>
internal sealed record NewPack(Oid Name, long PackBytes, long IndexBytes, long Objects, IReadOnlyList<long> Replaces)
{
    /// <summary>All its oids in order, for the catalogue; null: they are many.</summary>
    public Oid[]? Oids { get; init; }
}
