using Actors.Git.Objects;
using Actors.Store.Catalogue;

namespace Actors.Store.Index.Ranges;

/// <summary>A newer state of one range, with everything read that it needs.</summary>
/// <param name="Sequence">What it is the state of: all visible packs up to this one are in the range's runs, its level zero, or here.</param>
/// <param name="Listed">The range's runs, in order of sequence.</param>
/// <param name="Opened">Those among them that the range has not open yet; the range takes them over.</param>
/// <param name="Added">Packs for level zero, in order of sequence: their oids of the range, in order.</param>
internal sealed record RangeUpdate(
    long Sequence, IReadOnlyList<CatalogueRun> Listed, IReadOnlyList<IndexRun> Opened, IReadOnlyList<(long Pack, ReadOnlyMemory<Oid> Oids)> Added);
