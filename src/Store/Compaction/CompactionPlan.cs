using Actors.Git.Objects;
using Actors.Store.Packs;

namespace Actors.Store.Compaction;

/// <summary>Which packs are to be merged with which.</summary>
internal static class CompactionPlan
{
    /// <summary>A pack stays when it is so many times as large as all smaller ones that stay or are merged below it.</summary>
    private const int Factor = 2;

    /// <summary>
    /// The smallest packs that must become one so that sizes go up by <see cref="Factor"/> from each to the next: each byte
    /// is then written again only a logarithmic number of times, and N bytes lie in about log N packs.
    /// </summary>
    /// <param name="packs">Visible packs.</param>
    /// <param name="packBytesMax">Packs of this size stay, and none larger is made.</param>
    /// <param name="mergedAtOnce">Fewer than so many are left for later.</param>
    /// <returns>The packs to merge into one, the largest first; empty: nothing is due.</returns>
    public static IReadOnlyList<Oid> Geometric(IEnumerable<PackSize> packs, long packBytesMax, int mergedAtOnce)
    {
        PackSize[] ascending = [.. packs.Where(pack => pack.PackBytes < packBytesMax).OrderBy(pack => pack.PackBytes).ThenBy(pack => pack.Name)];

        // 1. Up to the last pack that is too near to the one before it.
        int merged = 0;
        for (int i = 1; i < ascending.Length; i++)
        {
            if (ascending[i].PackBytes < Factor * ascending[i - 1].PackBytes)
            {
                merged = i + 1;
            }
        }

        // 2. And on, while the next one is too small for what the merge will make.
        long sum = ascending.Take(merged).Sum(pack => pack.PackBytes);
        while (merged > 0 && merged < ascending.Length && ascending[merged].PackBytes < Factor * sum)
        {
            sum += ascending[merged++].PackBytes;
        }

        // 3. Never beyond the size of a pack.
        while (merged > 0 && sum > packBytesMax)
        {
            sum -= ascending[--merged].PackBytes;
        }

        return merged < Math.Max(2, mergedAtOnce) ? [] : [.. ascending.Take(merged).Reverse().Select(pack => pack.Name)];
    }

    /// <summary>All packs into as few as a pack's size allows, the largest first in each group.</summary>
    /// <returns>Groups of two and more.</returns>
    public static IReadOnlyList<IReadOnlyList<Oid>> Full(IEnumerable<PackSize> packs, long packBytesMax)
    {
        var groups = new List<List<Oid>>();
        long room = 0;
        foreach (PackSize pack in packs.Where(pack => pack.PackBytes < packBytesMax).OrderByDescending(pack => pack.PackBytes).ThenBy(pack => pack.Name))
        {
            if (pack.PackBytes > room)
            {
                groups.Add([]);
                room = packBytesMax;
            }

            groups[^1].Add(pack.Name);
            room -= pack.PackBytes;
        }

        return [.. groups.Where(group => group.Count > 1)];
    }
}
