using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Actors.Store.Index;

/// <summary>
/// One block of a run's filter, a split-block Bloom filter: 32 bytes, one bit in each of eight words. Which block an oid
/// belongs to follows from its first eight bytes and grows with them, so that a run and its filter are written in one
/// sequence; the bits follow from four other bytes.
/// </summary>
internal static unsafe class FilterBlock
{
    public const int Bytes = 32;

    /// <summary>Odd multipliers, one a word (those of the Parquet format's filter).</summary>
    private static readonly Vector256<uint> Salts = Vector256.Create(
        0x47b6137bu, 0x44974d91u, 0x8824ad5bu, 0xa2b7289du, 0x705495c7u, 0x2df1424bu, 0x9efc4947u, 0x5c6bfb31u);

    /// <summary>The block of an oid among <paramref name="blocks"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong IndexOf(ulong prefix, ulong blocks) => Math.BigMul(prefix, blocks, out _);

    /// <summary>The bits of an oid, whose bytes 8 to 11 are <paramref name="hash"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> MaskOf(uint hash)
    {
        Vector256<uint> shifts = Vector256.ShiftRightLogical(Vector256.Create(hash) * Salts, 27);
        return Avx2.IsSupported ? Avx2.ShiftLeftLogicalVariable(Vector256<uint>.One, shifts) : MaskOfShifts(shifts);
    }

    /// <summary>False: the oid was not put in. True: it may have been.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MayContain(byte* block, uint hash)
    {
        Vector256<uint> mask = MaskOf(hash);
        return Vector256.AndNot(mask, Vector256.Load((uint*)block)) == Vector256<uint>.Zero;
    }

    private static Vector256<uint> MaskOfShifts(Vector256<uint> shifts)
    {
        Vector256<uint> mask = default;
        for (int word = 0; word < Vector256<uint>.Count; word++)
        {
            mask = mask.WithElement(word, 1u << (int)shifts[word]);
        }

        return mask;
    }
}
