using System.Buffers.Binary;
using System.Numerics;

namespace Actors.Git.Objects.Collisions;

/// <summary>SHA-1's compression of one block (FIPS 180-4, 6.1.2), keeping what the search for a second half needs.</summary>
internal static class Sha1Block
{
    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 64;

    /// <summary>Words of a state.</summary>
    public const int StateWords = 5;

    /// <summary>Steps, and words of the expanded message.</summary>
    public const int Steps = 80;

    /// <summary>The state before the first block (FIPS 180-4, 5.3.1).</summary>
    public static ReadOnlySpan<uint> FirstState => [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];

    /// <summary>The message schedule.</summary>
    /// <param name="block">64 bytes.</param>
    /// <param name="words">80 words, all set.</param>
    public static void Expand(ReadOnlySpan<byte> block, Span<uint> words)
    {
        for (int i = 0; i < 16; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * i)..]);
        }

        for (int i = 16; i < Steps; i++)
        {
            words[i] = BitOperations.RotateLeft(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
        }
    }

    /// <summary>Takes steps on a working state, from <paramref name="from"/> up to before <paramref name="to"/>.</summary>
    public static void Forward(Span<uint> state, ReadOnlySpan<uint> words, int from, int to)
    {
        (uint a, uint b, uint c, uint d, uint e) = (state[0], state[1], state[2], state[3], state[4]);
        int step = from;
        for (; step < Math.Min(to, 20); step++)
        {
            Take(ref a, ref b, ref c, ref d, ref e, d ^ (b & (c ^ d)), words[step] + 0x5a827999);
        }

        for (; step < Math.Min(to, 40); step++)
        {
            Take(ref a, ref b, ref c, ref d, ref e, b ^ c ^ d, words[step] + 0x6ed9eba1);
        }

        for (; step < Math.Min(to, 60); step++)
        {
            Take(ref a, ref b, ref c, ref d, ref e, (b & c) | (d & (b | c)), words[step] + 0x8f1bbcdc);
        }

        for (; step < to; step++)
        {
            Take(ref a, ref b, ref c, ref d, ref e, b ^ c ^ d, words[step] + 0xca62c1d6);
        }

        (state[0], state[1], state[2], state[3], state[4]) = (a, b, c, d, e);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]
    private static void Take(ref uint a, ref uint b, ref uint c, ref uint d, ref uint e, uint f, uint word)
    {
        uint next = BitOperations.RotateLeft(a, 5) + f + e + word;
        e = d;
        d = c;
        c = BitOperations.RotateLeft(b, 30);
        b = a;
        a = next;
    }
}
