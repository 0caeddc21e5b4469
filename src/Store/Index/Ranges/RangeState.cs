using Actors.Store.Catalogue;

namespace Actors.Store.Index.Ranges;

/// <summary>What one range's snapshot is made of.</summary>
/// <param name="Listed">Its runs in the catalogue, in order of sequence, up to the first that cannot be read.</param>
/// <param name="Spilled">Runs of this process alone, of packs that no listed run covers: what each is called, and its last pack.</param>
internal sealed record RangeState(IReadOnlyList<CatalogueRun> Listed, IReadOnlyDictionary<long, long> Spilled)
{
    public static RangeState Empty { get; } = new([], new Dictionary<long, long>());

    /// <summary>The last pack that listed runs cover; 0: there is no run.</summary>
    public long Last => LastOf(Listed);

    /// <summary>The last pack that runs cover, which are in order.</summary>
    public static long LastOf(IReadOnlyList<CatalogueRun> runs) => runs.Count == 0 ? 0 : runs[^1].LastSequence;
}
