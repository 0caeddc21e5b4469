using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Actors.Fuzz;

/// <summary>Makes inputs out of others: the same seed gives the same ones.</summary>
/// <param name="random">Where chance comes from.</param>
/// <param name="dictionary">Words of the format.</param>
/// <param name="inputBytesMax">No longer input is made.</param>
public sealed class Mutator(Random random, IReadOnlyList<byte[]> dictionary, int inputBytesMax)
{
    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdef"u8);

    private static readonly long[] OddNumbers =
        [0, 1, 2, 4, 7, 8, 15, 16, 127, 128, 255, 256, 4095, 4096, 32767, 32768, 65515, 65516, 65520, 65535, 65536, int.MaxValue, 1L << 31, uint.MaxValue, 1L << 32, long.MaxValue, -1, long.MinValue];

    /// <summary>One to six changes to one of the inputs.</summary>
    public byte[] Mutate(IReadOnlyList<byte[]> corpus)
    {
        byte[] input = corpus.Count == 0 ? [] : corpus[random.Next(corpus.Count)];
        for (int changes = 1 + random.Next(6); changes > 0; changes--)
        {
            input = Change(input, corpus);
        }

        return input.Length <= inputBytesMax ? input : input[..inputBytesMax];
    }

    private byte[] Change(byte[] input, IReadOnlyList<byte[]> corpus) => random.Next(11) switch
    {
        0 or 1 => FlipBit(input),
        2 => SetByte(input),
        3 => Truncate(input),
        4 => Replace(input, random.Next(1, 9), []),
        5 => Replace(input, 0, RandomBytes(random.Next(1, 17))),
        6 => Duplicate(input),
        7 => Splice(input, corpus[random.Next(corpus.Count)]),
        8 => dictionary.Count == 0 ? FlipBit(input) : Replace(input, random.Next(2) * random.Next(9), dictionary[random.Next(dictionary.Count)]),
        9 => EditHexLength(input),
        _ => OverwriteNumber(input),
    };

    private byte[] FlipBit(byte[] input)
    {
        byte[] changed = [.. input];
        if (changed.Length > 0)
        {
            changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
        }

        return changed;
    }

    private byte[] SetByte(byte[] input)
    {
        byte[] changed = [.. input];
        if (changed.Length > 0)
        {
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
        }

        return changed;
    }

    private byte[] Truncate(byte[] input) => input[..random.Next(input.Length + 1)];

    private byte[] Duplicate(byte[] input)
    {
        int start = random.Next(input.Length + 1);
        return Replace(input, 0, input[start..Math.Min(input.Length, start + random.Next(1, 65))]);
    }

    private byte[] Splice(byte[] input, byte[] other) => [.. input[..random.Next(input.Length + 1)], .. other[random.Next(other.Length + 1)..]];

    private byte[] Replace(byte[] input, int length, byte[] with)
    {
        int start = random.Next(input.Length + 1);
        return [.. input[..start], .. with, .. input[Math.Min(input.Length, start + length)..]];
    }

    /// <summary>A pkt-line's four hex digits, or any other four, become another length.</summary>
    private byte[] EditHexLength(byte[] input)
    {
        string digits = ((int)OddNumbers[random.Next(OddNumbers.Length)] & 0xFFFF).ToString("x4", CultureInfo.InvariantCulture);
        int start = random.Next(Math.Max(1, input.Length - 3));
        for (int at = start; at + 4 <= input.Length; at++)
        {
            if (!input.AsSpan(at, 4).ContainsAnyExcept(HexDigits))
            {
                start = at;
                break;
            }
        }

        return [.. input[..Math.Min(start, input.Length)], .. Encoding.ASCII.GetBytes(digits), .. input[Math.Min(input.Length, start + 4)..]];
    }

    private byte[] OverwriteNumber(byte[] input)
    {
        byte[] number = new byte[8];
        long value = OddNumbers[random.Next(OddNumbers.Length)] + random.Next(-1, 2);
        int width = 1 << random.Next(4);
        if (random.Next(2) == 0)
        {
            BinaryPrimitives.WriteInt64BigEndian(number, value);
            number = number[(8 - width)..];
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, value);
            number = number[..width];
        }

        return Replace(input, width, number);
    }

    private byte[] RandomBytes(int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
