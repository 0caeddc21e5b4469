using Actors.Git.Objects;

namespace Actors.Store.Index;

/// <summary>Merges runs into one, in bounded memory; of an oid in several runs one record remains.</summary>
internal static class IndexRunMerge
{
    private const int RecordsBetweenChecks = 1 << 16;

    /// <summary>The runs to merge next: the smallest ones, up to the largest that is smaller than <paramref name="factor"/> times all before it. Fewer than two: none.</summary>
    /// <param name="runs">Ordered by size, smallest first.</param>
    /// <param name="factor">At least 1.</param>
    public static int CountToMerge(ReadOnlySpan<long> runs, int factor)
    {
        int chosen = 0;
        long sum = 0;
        for (int i = 0; i < runs.Length && sum + runs[i] <= Limits.IndexRunOidsMax; i++)
        {
            if (i > 0 && runs[i] / factor < sum)
            {
                chosen = i + 1;
            }

            sum += runs[i];
        }

        return chosen;
    }

    /// <summary>Writes the merged run.</summary>
    /// <param name="runs">What to merge; the caller keeps them open.</param>
    /// <param name="numberOf">The number to write for a pack number in these runs.</param>
    /// <param name="path">The merged run's file.</param>
    /// <param name="sequence">Names it among the runs of its index.</param>
    /// <param name="options">Of the index.</param>
    /// <param name="cancellationToken">Ends it; nothing remains.</param>
    /// <exception cref="InvalidDataException">A run is damaged.</exception>
    public static IndexRun Merge(
        IReadOnlyList<IndexRun> runs, Func<long, long> numberOf, string path, long sequence, ObjectIndexOptions options, CancellationToken cancellationToken)
    {
        var places = new Dictionary<long, int>();
        var cursors = new IndexRunCursor[runs.Count];
        for (int i = 0; i < cursors.Length; i++)
        {
            runs[i].Verify();
            cursors[i] = runs[i].ReadAll(NewPlaces(runs[i].PackNumbers, numberOf, places));
        }

        long[] packs = new long[places.Count];
        foreach ((long number, int place) in places)
        {
            packs[place] = number;
        }

        using var writer = new IndexRunWriter(path, sequence, runs.Sum(run => run.Count), packs, options);
        int count = cursors.Length;
        int untilCheck = RecordsBetweenChecks;
        while (count > 0)
        {
            int least = 0;
            for (int i = 1; i < count; i++)
            {
                if (cursors[i].IsBefore(cursors[least]))
                {
                    least = i;
                }
            }

            writer.Append(cursors[least].Oid, cursors[least].PackPlace);
            if (!cursors[least].Advance())
            {
                cursors[least] = cursors[--count];
            }

            if (--untilCheck == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                untilCheck = RecordsBetweenChecks;
            }
        }

        return writer.Complete()!;
    }

    private static int[] NewPlaces(ReadOnlySpan<long> packNumbers, Func<long, long> numberOf, Dictionary<long, int> places)
    {
        int[] newPlaces = new int[packNumbers.Length];
        for (int i = 0; i < newPlaces.Length; i++)
        {
            long number = numberOf(packNumbers[i]);
            if (!places.TryGetValue(number, out newPlaces[i]))
            {
                newPlaces[i] = places.Count;
                places.Add(number, newPlaces[i]);
            }
        }

        return newPlaces;
    }
}
