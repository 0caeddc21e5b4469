using System.Buffers;
using System.Numerics;
using Actors.Git.Objects;

namespace Actors.Store.Index;

/// <summary>Sorts oids, which are evenly spread: one pass into buckets by their first bits, then each small bucket by itself.</summary>
internal static class OidOrder
{
    private const int OidsPerBucket = 4;
    private const int BucketBitsMax = 20;
    private const int InsertionMax = 32;

    /// <summary>Sorts in place.</summary>
    /// <param name="oids">To be sorted.</param>
    /// <param name="companions">Moved along; as long as <paramref name="oids"/>, or empty.</param>
    public static void Sort(Span<Oid> oids, Span<int> companions)
    {
        int bits = Math.Clamp(BitOperations.Log2(((uint)oids.Length / OidsPerBucket) + 1), 1, BucketBitsMax);
        int[] ends = new int[(1 << bits) + 1];
        foreach (ref readonly Oid oid in oids)
        {
            ends[(int)(oid.Prefix >> (64 - bits)) + 1]++;
        }

        for (int bucket = 1; bucket < ends.Length; bucket++)
        {
            ends[bucket] += ends[bucket - 1];
        }

        Oid[] sorted = ArrayPool<Oid>.Shared.Rent(oids.Length);
        int[] moved = ArrayPool<int>.Shared.Rent(companions.Length);
        for (int i = 0; i < oids.Length; i++)
        {
            int at = ends[(int)(oids[i].Prefix >> (64 - bits))]++;
            sorted[at] = oids[i];
            if (companions.Length > 0)
            {
                moved[at] = companions[i];
            }
        }

        // Each end has moved to where the next bucket starts.
        int start = 0;
        for (int bucket = 0; bucket < ends.Length - 1; bucket++)
        {
            int end = ends[bucket];
            SortBucket(sorted.AsSpan(start, end - start), companions.Length > 0 ? moved.AsSpan(start, end - start) : []);
            start = end;
        }

        sorted.AsSpan(0, oids.Length).CopyTo(oids);
        moved.AsSpan(0, companions.Length).CopyTo(companions);
        ArrayPool<Oid>.Shared.Return(sorted);
        ArrayPool<int>.Shared.Return(moved);
    }

    private static void SortBucket(Span<Oid> oids, Span<int> companions)
    {
        if (oids.Length > InsertionMax)
        {
            if (companions.IsEmpty)
            {
                oids.Sort();
            }
            else
            {
                oids.Sort(companions);
            }

            return;
        }

        for (int i = 1; i < oids.Length; i++)
        {
            Oid oid = oids[i];
            int companion = companions.IsEmpty ? 0 : companions[i];
            int at = i;
            for (; at > 0 && oids[at - 1] > oid; at--)
            {
                oids[at] = oids[at - 1];
                if (!companions.IsEmpty)
                {
                    companions[at] = companions[at - 1];
                }
            }

            oids[at] = oid;
            if (!companions.IsEmpty)
            {
                companions[at] = companion;
            }
        }
    }
}
