using Actors.Git.Objects;

namespace Actors.Store.Objects;

/// <summary>The objects of one ingest in memory: on their way in, or kept aside.</summary>
/// <param name="Name">Names it in reports.</param>
/// <param name="Reason">Whose, when and why.</param>
/// <param name="Objects">Each object of its packs.</param>
/// <param name="Packs">How many packs.</param>
/// <param name="PackBytes">Bytes received.</param>
/// <param name="Lacking">What it refers to and neither it nor the store had.</param>
/// <param name="Colliding">An object that the store, or an earlier pack of the ingest, has with other content.</param>
internal sealed record MemoryAside(
    string Name,
    string Reason,
    IReadOnlyDictionary<Oid, GitObject> Objects,
    int Packs,
    long PackBytes,
    IReadOnlyList<Oid> Lacking,
    Oid? Colliding)
{
    public AsidePack Describe() => new(Name, Reason, PackBytes, [.. Lacking.Take(Limits.MissingListed)]);
}
