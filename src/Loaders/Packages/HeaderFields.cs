using System.Text;

namespace Actors.Loaders.Packages;

/// <summary>
/// The fields of a metadata file in the form of a mail header (PKG-INFO: "Core metadata specifications"): the first of a name counts,
/// folded lines are joined by a space, <c>UNKNOWN</c> means that there is none, the first empty line ends them.
/// </summary>
internal sealed class HeaderFields
{
    /// <summary>Bytes that are not UTF-8 are left out: so they are by those who made ids of what they read.</summary>
    private static readonly Encoding Lenient = Encoding.GetEncoding("utf-8", EncoderFallback.ExceptionFallback, new DecoderReplacementFallback(""));

    private static readonly char[] OtherLineEnds = ['\v', '\f', '\u001c', '\u001d', '\u001e', '\u0085', '\u2028', '\u2029'];

    private readonly Dictionary<string, string> _fields = new(StringComparer.OrdinalIgnoreCase);

    private HeaderFields()
    {
    }

    public string? Find(string name) => _fields.GetValueOrDefault(name) is { } value && value != "UNKNOWN" ? value : null;

    public static HeaderFields Parse(ReadOnlySpan<byte> bytes)
    {
        HeaderFields fields = new();
        (string? name, List<string> lines) = (null, []);
        string whole = Lenient.GetString(bytes.StartsWith("\ufeff"u8) ? bytes[3..] : bytes);
        foreach (string text in whole.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n'))
        {
            if (text.Length > 0 && text[0] is ' ' or '\t')
            {
                // One that continues nothing is passed over.
                lines.Add(text.Trim());
                continue;
            }

            fields.Keep(name, lines);
            int colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || text.AsSpan(0, colon).ContainsAnyExceptInRange('!', '~'))
            {
                return fields;
            }

            (name, lines) = (text[..colon], [text[(colon + 1)..].Trim()]);
        }

        fields.Keep(name, lines);
        return fields;
    }

    private void Keep(string? name, List<string> lines)
    {
        if (name is not null)
        {
            // Python's lines end at more than these end at which the header is made of.
            _ = _fields.TryAdd(name, string.Join(' ', lines.SelectMany(line => line.Split(OtherLineEnds)).Select(line => line.Trim())));
        }
    }
}
