using Actors.Git.Objects;
using Actors.Store.Blobs;

namespace Actors.Store.Catalogue;

/// <summary>A pack that is, or was, visible.</summary>
/// <param name="Sequence">Its place in the order in which packs became visible; names it in the object index.</param>
/// <param name="Upload">Part of its blobs' names.</param>
/// <param name="Name">The pack's checksum.</param>
/// <param name="PackBytes">Bytes of the pack.</param>
/// <param name="IndexBytes">Bytes of its <c>.idx</c>.</param>
/// <param name="Objects">Entries.</param>
/// <param name="Replaces">Sequences of the packs that it was merged from; empty for one that was taken in.</param>
/// <param name="ReplacedBy">The pack that has all its objects since a compaction; null: it is visible.</param>
internal sealed record CataloguePack(
    long Sequence, long Upload, Oid Name, long PackBytes, long IndexBytes, long Objects, IReadOnlyList<long> Replaces, long? ReplacedBy)
{
    /// <summary>All its oids in order, where the catalogue told them; null: its index has them.</summary>
    public Oid[]? Oids { get; init; }

    /// <summary>Bytes of both blobs.</summary>
    public long Bytes => PackBytes + IndexBytes;

    public BlobKey PackKey => BlobNames.Pack(Name, Upload);

    public BlobKey IndexKey => BlobNames.PackIndex(Name, Upload);
}
