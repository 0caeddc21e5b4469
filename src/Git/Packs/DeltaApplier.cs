using System.Runtime.CompilerServices;

namespace Actors.Git.Packs;

/// <summary>
/// Applies deltas (gitformat-pack, "deltified representation"): two sizes, then instructions that copy from the base or
/// insert bytes. Nothing is read outside the base or written outside the result, whatever the bytes say.
/// </summary>
public static unsafe class DeltaApplier
{
    /// <summary>Reads the two sizes at a delta's start; returns their length in bytes.</summary>
    /// <exception cref="GitFormatException"><see cref="GitFormatError.Delta"/>: they are cut off or beyond 63 bits.</exception>
    public static int ReadSizes(ReadOnlySpan<byte> delta, out long baseSize, out long resultSize)
    {
        int used = ReadSize(delta, out baseSize);
        return used + ReadSize(delta[used..], out resultSize);
    }

    /// <summary>Makes the result of a delta in memory.</summary>
    /// <param name="source">The base.</param>
    /// <param name="delta">The delta, sizes included.</param>
    /// <param name="resultBytesMax">A longer result is refused before memory is taken.</param>
    /// <exception cref="GitFormatException"><see cref="GitFormatError.Delta"/> or <see cref="GitFormatError.OverLimit"/>.</exception>
    public static byte[] Apply(ReadOnlySpan<byte> source, ReadOnlySpan<byte> delta, long resultBytesMax)
    {
        int used = ReadSizes(delta, out long baseSize, out long resultSize);
        if (resultSize > Math.Min(resultBytesMax, Array.MaxLength))
        {
            throw new GitFormatException(GitFormatError.OverLimit, $"A delta makes an object of {resultSize} bytes");
        }

        if (baseSize != source.Length)
        {
            throw new GitFormatException(GitFormatError.Delta, $"A delta is made for a base of {baseSize} bytes, not {source.Length}");
        }

        byte[] result = GC.AllocateUninitializedArray<byte>((int)resultSize);
        fixed (byte* from = source, instructions = delta, to = result)
        {
            if (!TryApply(from, source.Length, instructions + used, instructions + delta.Length, to, resultSize))
            {
                throw new GitFormatException(GitFormatError.Delta, "A delta reads or writes outside its base or result");
            }
        }

        return result;
    }

    /// <summary>Runs the instructions. False: one of them leaves its base, result or delta, is the reserved one, or the result is not full at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static bool TryApply(byte* source, long sourceSize, byte* delta, byte* deltaEnd, byte* result, long resultSize)
    {
        byte* to = result;
        byte* toEnd = result + resultSize;
        while (delta < deltaEnd)
        {
            uint instruction = *delta++;
            if ((instruction & 0x80) != 0)
            {
                if (!TryReadCopy(instruction, ref delta, deltaEnd, out uint offset, out uint size)
                    || offset > sourceSize || size > sourceSize - offset || size > toEnd - to)
                {
                    return false;
                }

                Copy(to, source + offset, size);
                to += size;
            }
            else
            {
                if (instruction == 0 || instruction > deltaEnd - delta || instruction > toEnd - to)
                {
                    return false;
                }

                Copy(to, delta, instruction);
                to += instruction;
                delta += instruction;
            }
        }

        return to == toEnd;
    }

    /// <summary>Reads the offset and size that follow a copy instruction's first byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryReadCopy(uint instruction, ref byte* delta, byte* deltaEnd, out uint offset, out uint size)
    {
        (offset, size) = (0, 0);
        if (deltaEnd - delta < System.Numerics.BitOperations.PopCount(instruction & 0x7f))
        {
            return false;
        }

        byte* p = delta;
        if ((instruction & 0x01) != 0) { offset = *p++; }
        if ((instruction & 0x02) != 0) { offset |= (uint)*p++ << 8; }
        if ((instruction & 0x04) != 0) { offset |= (uint)*p++ << 16; }
        if ((instruction & 0x08) != 0) { offset |= (uint)*p++ << 24; }
        if ((instruction & 0x10) != 0) { size = *p++; }
        if ((instruction & 0x20) != 0) { size |= (uint)*p++ << 8; }
        if ((instruction & 0x40) != 0) { size |= (uint)*p++ << 16; }
        delta = p;
        if (size == 0)
        {
            size = 0x10000;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(byte* to, byte* from, uint count) => Unsafe.CopyBlockUnaligned(to, from, count);

    private static int ReadSize(ReadOnlySpan<byte> delta, out long size)
    {
        size = 0;
        int shift = 0;
        for (int i = 0; i < delta.Length; i++, shift += 7)
        {
            long part = delta[i] & 0x7f;
            if (shift > 56 && (shift > 62 || part >> (63 - shift) != 0))
            {
                break;
            }

            size |= part << shift;
            if ((delta[i] & 0x80) == 0)
            {
                return i + 1;
            }
        }

        throw new GitFormatException(GitFormatError.Delta, "A delta's sizes are cut off or too large");
    }
}
