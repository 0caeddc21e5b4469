using System.Runtime.CompilerServices;
using Actors.Git.Objects;
using Actors.Git.Packs.Indexing;

namespace Actors.Git.Packs;

/// <summary>
/// Puts index entries in order of oid. Oids are hashes, so one pass over their first bits leaves small buckets. Runs once a
/// pack, long: waiting for the runtime to find out that it is worth optimizing would cost more than the sort.
/// </summary>
internal static class PackIndexSort
{
    /// <summary>Below this the runtime's own sort is as good.</summary>
    private const int DistributeMin = 256;

    /// <summary>Sorts in place and makes sure that each oid is there once.</summary>
    /// <exception cref="GitFormatException">An oid is there twice.</exception>
    public static void Sort(Span<PackIndexEntry> entries)
    {
        if (entries.Length < DistributeMin)
        {
            entries.Sort(static (left, right) => left.Oid.CompareTo(right.Oid));
        }
        else
        {
            using var copy = new NativeList<PackIndexEntry>();
            copy.AddRange(entries);
            Distribute(copy.Span, entries);
        }

        CheckDistinct(entries);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Distribute(ReadOnlySpan<PackIndexEntry> entries, Span<PackIndexEntry> sorted)
    {
        int bits = OidBuckets.BitsFor(entries.Length);
        int shift = 64 - bits;
        var next = new int[(1 << bits) + 1];
        foreach (ref readonly PackIndexEntry entry in entries)
        {
            next[(int)(entry.Oid.Prefix >> shift) + 1]++;
        }

        for (int i = 1; i < next.Length; i++)
        {
            next[i] += next[i - 1];
        }

        foreach (ref readonly PackIndexEntry entry in entries)
        {
            sorted[next[(int)(entry.Oid.Prefix >> shift)]++] = entry;
        }

        // After the distribution each slot holds the end of its bucket.
        int start = 0;
        for (int i = 0; i < next.Length - 1; i++)
        {
            SortBucket(sorted[start..next[i]]);
            start = next[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SortBucket(Span<PackIndexEntry> bucket)
    {
        if (bucket.Length > 64)
        {
            // No accident among hashes: somebody searched for such ids, or the pack repeats one.
            bucket.Sort(static (left, right) => left.Oid.CompareTo(right.Oid));
            return;
        }

        for (int i = 1; i < bucket.Length; i++)
        {
            PackIndexEntry entry = bucket[i];
            int at = i;
            for (; at > 0 && bucket[at - 1].Oid > entry.Oid; at--)
            {
                bucket[at] = bucket[at - 1];
            }

            bucket[at] = entry;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CheckDistinct(ReadOnlySpan<PackIndexEntry> entries)
    {
        for (int i = 1; i < entries.Length; i++)
        {
            if (entries[i - 1].Oid == entries[i].Oid)
            {
                throw new GitFormatException(
                    GitFormatError.Pack, $"The object {entries[i].Oid} is in the pack twice", Math.Max(entries[i - 1].Offset, entries[i].Offset));
            }
        }
    }
}
