using System.Numerics;
using System.Runtime.InteropServices;

namespace Actors.Store.Index;

/// <summary>CRC-32C over bytes in any number of pieces: one machine instruction for eight bytes, 6 GB/s and more.</summary>
internal struct Crc32C
{
    private uint _notCrc;

    /// <summary>The checksum of what was appended.</summary>
    public readonly uint Value => _notCrc ^ uint.MaxValue;

    /// <summary>Nothing appended yet.</summary>
    public static Crc32C Start() => new() { _notCrc = uint.MaxValue };

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        Crc32C crc = Start();
        crc.Append(bytes);
        return crc.Value;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        uint crc = _notCrc;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (byte one in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        _notCrc = crc;
    }
}
