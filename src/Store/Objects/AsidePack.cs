using Actors.Git.Objects;

namespace Actors.Store.Objects;

/// <summary>Packs of one ingest that are kept aside: never read, never offered as haves.</summary>
/// <param name="Name">Names it in reports and on disk.</param>
/// <param name="Reason">Whose, when and why.</param>
/// <param name="PackBytes">Bytes of its packs.</param>
/// <param name="Missing">First missing objects, at most 100; empty for a collision.</param>
public sealed record AsidePack(string Name, string Reason, long PackBytes, IReadOnlyList<Oid> Missing);
