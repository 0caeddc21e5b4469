namespace Actors.Store.Objects;

/// <summary>Sizes of an object store.</summary>
/// <param name="Packs">Visible packs.</param>
/// <param name="Objects">Distinct objects, or slightly more while packs overlap.</param>
/// <param name="PackBytes">Bytes of packs and pack indexes.</param>
/// <param name="IndexBytes">Bytes of the object index over all packs.</param>
/// <param name="IndexRuns">Runs of the object index.</param>
/// <param name="AsidePacks">Ingests kept aside.</param>
public sealed record StoreFigures(int Packs, long Objects, long PackBytes, long IndexBytes, int IndexRuns, int AsidePacks);
