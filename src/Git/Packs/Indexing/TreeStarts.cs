using System.Numerics;
using System.Runtime.CompilerServices;

namespace Actors.Git.Packs.Indexing;

/// <summary>
/// Where the entries of a tree start: one bit for each byte, and one for the end. Lets a tree made by a delta take over
/// the entries that it copies whole from its base, whose references are listed already, without reading them again.
/// </summary>
internal static unsafe class TreeStarts
{
    /// <summary>Bytes of the bits for a tree of that size, with a word to spare that copies may read.</summary>
    public static long BytesFor(long size) => ((size / 64) + 3) * 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Set(ulong* bits, long at) => bits[at >> 6] |= 1UL << (int)(at & 63);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsSet(ulong* bits, long at) => (bits[at >> 6] >> (int)(at & 63) & 1) != 0;

    /// <summary>The last start at or before a place; there is one, since the tree itself starts at 0.</summary>
    public static long Last(ulong* bits, long at)
    {
        long word = at >> 6;
        ulong masked = bits[word] & (ulong.MaxValue >> (63 - (int)(at & 63)));
        while (masked == 0)
        {
            masked = bits[--word];
        }

        return (word << 6) + 63 - BitOperations.LeadingZeroCount(masked);
    }

    /// <summary>Copies <paramref name="count"/> bits into a target that has none set there yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(ulong* target, long to, ulong* source, long from, long count)
    {
        while (count > 0)
        {
            int part = (int)Math.Min(count, 64 - (to & 63));
            int shift = (int)(from & 63);
            ulong word = source[from >> 6] >> shift;
            if (shift != 0)
            {
                word |= source[(from >> 6) + 1] << (64 - shift);
            }

            target[to >> 6] |= (word & (ulong.MaxValue >> (64 - part))) << (int)(to & 63);
            to += part;
            from += part;
            count -= part;
        }
    }
}
