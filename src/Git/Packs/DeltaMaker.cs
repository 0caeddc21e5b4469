using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Actors.Git.Packs;

/// <summary>
/// Writes deltas (gitformat-pack, "Deltified representation"): the base's blocks are found again in the result by their hash, and what is equal around them
/// is copied. One pass over each; the first of equal blocks is taken, so the delta is good where the two resemble each other and useless where they do not.
/// </summary>
public static class DeltaMaker
{
    private const int BlockLength = 16;

    /// <summary>git's own writer copies no more at once, and some readers expect no more.</summary>
    private const int CopyMax = 0x10000;

    private const int LiteralMax = 127;

    /// <summary>An opcode, four bytes of offset, three of size.</summary>
    private const int CopyLengthMax = 8;

    /// <summary>The delta that makes the result of the base, or null: it would have more than <paramref name="bytesMax"/>.</summary>
    /// <param name="source">The base.</param>
    /// <param name="result">What is to be made of it.</param>
    /// <param name="bytesMax">What a delta that pays has at most.</param>
    public static byte[]? Make(ReadOnlySpan<byte> source, ReadOnlySpan<byte> result, int bytesMax)
    {
        if (source.Length < BlockLength || result.Length < BlockLength)
        {
            return null;
        }

        int bits = Math.Clamp(BitOperations.Log2((uint)(source.Length / BlockLength)) + 2, 8, 24);
        int[] blocks = ArrayPool<int>.Shared.Rent(1 << bits);
        byte[] delta = ArrayPool<byte>.Shared.Rent(bytesMax + (2 * 10));
        try
        {
            Index(source, blocks.AsSpan(0, 1 << bits), bits);
            int length = WriteSize(delta, WriteSize(delta, 0, source.Length), result.Length);
            length = Write(source, result, blocks, bits, delta.AsSpan(0, Math.Max(length, bytesMax)), length);
            return length < 0 ? null : delta.AsSpan(0, length).ToArray();
        }
        finally
        {
            ArrayPool<int>.Shared.Return(blocks);
            ArrayPool<byte>.Shared.Return(delta);
        }
    }

    private static void Index(ReadOnlySpan<byte> source, Span<int> blocks, int bits)
    {
        blocks.Clear();
        for (int at = (source.Length - BlockLength) & -BlockLength; at >= 0; at -= BlockLength)
        {
            blocks[Hash(source, at, bits)] = at + 1;
        }
    }

    /// <summary>The instructions; -1: no room.</summary>
    private static int Write(ReadOnlySpan<byte> source, ReadOnlySpan<byte> result, ReadOnlySpan<int> blocks, int bits, Span<byte> delta, int length)
    {
        (int literal, int at) = (0, 0);
        while (at <= result.Length - BlockLength)
        {
            int found = blocks[Hash(result, at, bits)] - 1;
            int equal = found < 0 ? 0 : source[found..].CommonPrefixLength(result[at..]);
            if (equal < BlockLength)
            {
                // What is not found is given in full: with more of that than there is room for, the rest need not be looked at.
                if (++at - literal > delta.Length - length)
                {
                    return -1;
                }

                continue;
            }

            int back = 0;
            while (at - back > literal && found - back > 0 && source[found - back - 1] == result[at - back - 1])
            {
                back++;
            }

            length = WriteLiteral(result[literal..(at - back)], delta, length);
            length = WriteCopy(found - back, equal + back, delta, length);
            if (length < 0)
            {
                return -1;
            }

            at += equal;
            literal = at;
        }

        return WriteLiteral(result[literal..], delta, length);
    }

    private static int WriteSize(Span<byte> delta, int length, int size)
    {
        for (; size >= 0x80; size >>= 7)
        {
            delta[length++] = (byte)(size | 0x80);
        }

        delta[length++] = (byte)size;
        return length;
    }

    private static int WriteLiteral(ReadOnlySpan<byte> bytes, Span<byte> delta, int length)
    {
        if (length < 0 || bytes.Length + (bytes.Length / LiteralMax) + 1 > delta.Length - length)
        {
            return bytes.IsEmpty ? length : -1;
        }

        while (!bytes.IsEmpty)
        {
            int part = Math.Min(bytes.Length, LiteralMax);
            delta[length++] = (byte)part;
            bytes[..part].CopyTo(delta[length..]);
            length += part;
            bytes = bytes[part..];
        }

        return length;
    }

    private static int WriteCopy(int offset, int size, Span<byte> delta, int length)
    {
        while (size > 0 && length >= 0)
        {
            int part = Math.Min(size, CopyMax);
            length = delta.Length - length < CopyLengthMax ? -1 : WriteOneCopy(offset, part, delta, length);
            offset += part;
            size -= part;
        }

        return length;
    }

    private static int WriteOneCopy(int offset, int size, Span<byte> delta, int length)
    {
        int opcode = length++;
        byte bits = 0x80;
        for (int i = 0; i < 4; i++)
        {
            if ((byte)(offset >> (8 * i)) is not 0 and var part)
            {
                bits |= (byte)(1 << i);
                delta[length++] = part;
            }
        }

        // A size of 0x10000 is written as none.
        for (int i = 0; i < 2; i++)
        {
            if ((byte)(size >> (8 * i)) is not 0 and var part)
            {
                bits |= (byte)(0x10 << i);
                delta[length++] = part;
            }
        }

        delta[opcode] = bits;
        return length;
    }

    private static int Hash(ReadOnlySpan<byte> bytes, int at, int bits)
    {
        ref byte first = ref Unsafe.AsRef(in bytes[at]);
        ulong a = Unsafe.ReadUnaligned<ulong>(ref first), b = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, 8));
        return (int)(((a * 0x9e3779b97f4a7c15) ^ BitOperations.RotateLeft(b * 0xc2b2ae3d27d4eb4f, 31)) * 0x9fb21c651e98df25 >> (64 - bits));
    }
}
