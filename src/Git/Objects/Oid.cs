using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Actors.Git.Objects;

/// <summary>
/// A SHA-1 object id: 20 bytes, in memory in the order in which git writes them, so that a mapped pack index or index
/// run can be read as a <see cref="ReadOnlySpan{T}"/> of ids without a copy. Written as 40 lower-case hex digits.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1, Size = Length)]
public readonly record struct Oid : IComparable<Oid>
{
    /// <summary>Bytes of an id.</summary>
    public const int Length = 20;

    /// <summary>Hex digits of an id.</summary>
    public const int HexLength = 2 * Length;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly uint _last;

    private Oid(ulong first, ulong second, uint last) => (_first, _second, _last) = (first, second, last);

    /// <summary>The null id, all zeroes: "no object" in git's wire and ref formats.</summary>
    public static Oid Zero => default;

    /// <summary>True for the null id.</summary>
    public bool IsZero => (_first | _second | _last) == 0;

    /// <summary>The first eight bytes as a big-endian number: sorts as the id does; seeds fan-outs and filters.</summary>
    public ulong Prefix => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(_first) : _first;

    /// <summary>The id whose bytes are given. <paramref name="bytes"/> has at least 20; the rest is not looked at.</summary>
    public static Oid FromBytes(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<Oid>(bytes[..Length]);

    /// <summary>Parses exactly 40 hex digits, lower case as git writes them.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static Oid Parse(ReadOnlySpan<char> hex) =>
        TryParse(hex, out Oid oid) ? oid : throw new FormatException($"'{hex}' is not an object id of 40 hex digits.");

    /// <summary>Parses exactly 40 hex digits, lower case as git writes them.</summary>
    public static bool TryParse(ReadOnlySpan<char> hex, out Oid oid)
    {
        Span<byte> ascii = stackalloc byte[HexLength];
        if (hex.Length == HexLength && System.Text.Ascii.FromUtf16(hex, ascii, out _) == System.Buffers.OperationStatus.Done)
        {
            return TryParse(ascii, out oid);
        }

        oid = default;
        return false;
    }

    /// <summary>Parses exactly 40 ASCII hex digits, lower case as git writes them.</summary>
    public static bool TryParse(ReadOnlySpan<byte> hex, out Oid oid)
    {
        Span<byte> bytes = stackalloc byte[Length];
        oid = default;
        if (hex.Length != HexLength || hex.ContainsAnyInRange((byte)'A', (byte)'F')
            || Convert.FromHexString(hex, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        oid = FromBytes(bytes);
        return true;
    }

    /// <summary>Writes the 20 bytes to the start of <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination) => MemoryMarshal.Write(destination[..Length], in this);

    /// <summary>Writes the 40 hex digits in ASCII to the start of <paramref name="destination"/>.</summary>
    public void FormatHex(Span<byte> destination)
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        _ = Convert.TryToHexStringLower(bytes, destination[..HexLength], out _);
    }

    /// <summary>Order of the bytes, as in pack indexes.</summary>
    public int CompareTo(Oid other)
    {
        if (_first != other._first)
        {
            return Ordered(_first).CompareTo(Ordered(other._first));
        }

        return _second != other._second
            ? Ordered(_second).CompareTo(Ordered(other._second))
            : Ordered(_last).CompareTo(Ordered(other._last));
    }

    public static bool operator <(Oid left, Oid right) => left.CompareTo(right) < 0;

    public static bool operator >(Oid left, Oid right) => left.CompareTo(right) > 0;

    public static bool operator <=(Oid left, Oid right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Oid left, Oid right) => left.CompareTo(right) >= 0;

    /// <summary>
    /// Seeded for each process. An id looks like a hash already, but a hostile tree refers to any 20 bytes it likes, for
    /// instance to a million that begin alike.
    /// </summary>
    public override int GetHashCode() => HashCode.Combine(_first, _second, _last);

    /// <summary>40 lower-case hex digits.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    private static ulong Ordered(ulong value) =>
        BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    private static uint Ordered(uint value) =>
        BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
}
