using Actors.Store.Catalogue;

namespace Actors.Store.Index.Ranges;

/// <summary>What becomes one run of a range: level zero, and the newest listed runs as far as the rule asks.</summary>
/// <param name="Range">Which.</param>
/// <param name="Snapshot">Keeps the runs open; the owner leaves it.</param>
/// <param name="Runs">To merge.</param>
/// <param name="First">First pack that the new run covers.</param>
/// <param name="Last">Last one.</param>
/// <param name="Replaced">Listed runs in whose place it comes.</param>
internal sealed record MergeChoice(
    int Range, IndexSnapshot<RangeState> Snapshot, IReadOnlyList<IndexRun> Runs, long First, long Last, IReadOnlyList<long> Replaced)
{
    /// <summary>Chooses. Null: there is nothing to merge.</summary>
    /// <param name="range">Which.</param>
    /// <param name="snapshot">Of the range, with all of level zero in runs.</param>
    /// <param name="applied">The pack up to which the snapshot has all.</param>
    /// <param name="listed">The range's runs in the catalogue, those that cannot be read too.</param>
    /// <param name="factor">As <see cref="ObjectIndexOptions.MergeFactor"/>.</param>
    public static MergeChoice? Of(int range, IndexSnapshot<RangeState> snapshot, long applied, IReadOnlyList<CatalogueRun> listed, int factor)
    {
        IReadOnlyList<CatalogueRun> readable = snapshot.State.Listed;
        IndexRun[] levelZero = [.. snapshot.Runs.Where(run => run.Sequence < 0)];

        // Runs cover packs without a gap, so the newest are merged: level zero first, then back in time.
        long[] counts = [levelZero.Sum(run => run.Count), .. readable.Reverse().Select(run => run.Entries)];
        int count = Math.Max(IndexRunMerge.CountToMerge(counts, factor) - 1, 0);
        CatalogueRun[] merged = [.. readable.TakeLast(count)];
        long first = merged.Length > 0 ? merged[0].FirstSequence : snapshot.State.Last + 1;
        CatalogueRun[] replaced = [.. merged, .. listed.Skip(readable.Count)];
        if (applied < first || (replaced.Length < 2 && snapshot.State.Last == applied))
        {
            return null;
        }

        HashSet<long> names = [.. merged.Select(run => run.Id)];
        return new MergeChoice(
            range, snapshot, [.. levelZero, .. snapshot.Runs.Where(run => names.Contains(run.Sequence))], first, applied, [.. replaced.Select(run => run.Id)]);
    }
}
