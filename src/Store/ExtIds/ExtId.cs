namespace Actors.Store.ExtIds;

/// <summary>
/// A name that others gave to something we made an object of: a checksum that a registry announced, a digest of all that went
/// into a release (Software Heritage's ExtID). Type and value are scoped by each other; a version tells how objects were made.
/// </summary>
/// <param name="Type">ASCII without spaces: <c>pypi-archive-sha256</c>.</param>
/// <param name="Version">0 unless the way of making objects changed.</param>
/// <param name="Value">The raw bytes in lower-case hex.</param>
public readonly record struct ExtId(string Type, int Version, string Value)
{
    private static readonly System.Buffers.SearchValues<char> NotInType = System.Buffers.SearchValues.Create(" :\t\r\n\0");

    private static readonly System.Buffers.SearchValues<char> HexDigits = System.Buffers.SearchValues.Create("0123456789abcdef");

    /// <summary>Parses what <see cref="ToString"/> writes; the version may be left out when it is 0.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static ExtId Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int colon = text.LastIndexOf(':');
        string head = colon > 0 ? text[..colon] : "";
        int at = head.LastIndexOf('@');
        string type = at > 0 ? head[..at] : head;
        int version = 0;
        ExtId id = new(type, at > 0 && !int.TryParse(head.AsSpan(at + 1), out version) ? -1 : version, text[(colon + 1)..]);
        return id.IsSound ? id : throw new FormatException($"'{text}' is not TYPE[@VERSION]:HEX.");
    }

    /// <summary>Whether it can be stored: an ASCII type without spaces, a version that is not negative, a value in lower-case hex.</summary>
    public bool IsSound => Type is { Length: > 0 and <= Limits.ExtIdTypeCharsMax } && System.Text.Ascii.IsValid(Type) && !Type.AsSpan().ContainsAny(NotInType)
        && Version >= 0 && Value is { Length: > 0 and <= 2 * Limits.ExtIdValueBytesMax } && Value.Length % 2 == 0 && !Value.AsSpan().ContainsAnyExcept(HexDigits);

    public override string ToString() => Version == 0 ? $"{Type}:{Value}" : $"{Type}@{Version}:{Value}";
}
