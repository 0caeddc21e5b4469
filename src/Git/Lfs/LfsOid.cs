using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Actors.Git.Lfs;

/// <summary>The SHA-256 of an object of Git LFS: 64 lower-case hex digits.</summary>
public readonly record struct LfsOid
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    private LfsOid(ReadOnlySpan<byte> digest) =>
        (_high, _low) = (BinaryPrimitives.ReadUInt128BigEndian(digest), BinaryPrimitives.ReadUInt128BigEndian(digest[16..]));

    /// <summary>Of a digest's 32 bytes.</summary>
    public static LfsOid FromDigest(ReadOnlySpan<byte> digest) =>
        digest.Length == SHA256.HashSizeInBytes ? new LfsOid(digest) : throw new ArgumentException("A SHA-256 has 32 bytes.", nameof(digest));

    /// <summary>The id of a content.</summary>
    public static LfsOid Of(ReadOnlySpan<byte> content) => new(SHA256.HashData(content));

    /// <summary>The id of 64 lower-case hex digits.</summary>
    /// <exception cref="FormatException">Something else.</exception>
    public static LfsOid Parse(string text) => TryParse(text, out LfsOid oid) ? oid : throw new FormatException($"'{text}' is no SHA-256 in lower-case hex.");

    /// <summary>Whether a text is 64 lower-case hex digits.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out LfsOid oid)
    {
        oid = default;
        if (text is not { Length: 2 * SHA256.HashSizeInBytes } || text.AsSpan().ContainsAnyExcept(HexDigits))
        {
            return false;
        }

        oid = new LfsOid(Convert.FromHexString(text));
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{_high:x32}{_low:x32}";
}
