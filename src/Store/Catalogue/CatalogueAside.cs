using Actors.Git.Objects;
using Actors.Store.Blobs;

namespace Actors.Store.Catalogue;

/// <summary>An ingest kept aside.</summary>
/// <param name="Name">Given by its packs' content.</param>
/// <param name="Keys">Its blobs: each pack followed by its index.</param>
/// <param name="Lengths">Bytes of each.</param>
/// <param name="Reason">Whose, when and why.</param>
/// <param name="Colliding">The object that collides with a stored one; such packs are for people only.</param>
/// <param name="Missing">What it referred to and the store lacked.</param>
/// <param name="PackBytes">Bytes of all its blobs.</param>
internal sealed record CatalogueAside(
    string Name, IReadOnlyList<BlobKey> Keys, IReadOnlyList<long> Lengths, string Reason, string? Colliding, IReadOnlyList<Oid> Missing, long PackBytes);
