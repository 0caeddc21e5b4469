namespace Actors.Git.Remotes;

/// <summary>
/// The first 16 bytes of SHA-256 over a selection's text and the ref advertisement in the form of v2's ls-refs reply.
/// Equal digests: no selected ref of the remote changed, whatever protocol version it was asked in.
/// </summary>
/// <param name="High">First eight bytes, big-endian.</param>
/// <param name="Low">Next eight bytes, big-endian.</param>
public readonly record struct AdvertisementDigest(ulong High, ulong Low)
{
    /// <summary>Bytes of a digest.</summary>
    public const int Length = 16;

    private static readonly System.Buffers.SearchValues<char> HexDigits = System.Buffers.SearchValues.Create("0123456789abcdef");

    /// <summary>32 lower-case hex digits.</summary>
    public override string ToString() => $"{High:x16}{Low:x16}";

    /// <summary>Parses exactly 32 lower-case hex digits.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static AdvertisementDigest Parse(ReadOnlySpan<char> hex)
    {
        if (hex.Length != 2 * Length || hex.ContainsAnyExcept(HexDigits))
        {
            throw new FormatException("An advertisement digest is 32 lower-case hex digits.");
        }

        return new(ulong.Parse(hex[..16], System.Globalization.NumberStyles.AllowHexSpecifier, null),
            ulong.Parse(hex[16..], System.Globalization.NumberStyles.AllowHexSpecifier, null));
    }
}
