using System.Text;

namespace Actors.Git.Checkouts;

/// <summary>Reads <c>.gitattributes</c> (gitattributes, "DESCRIPTION"; attr.c, <c>parse_attr_line</c>). What git passes over is passed over.</summary>
internal static class AttributeFile
{
    private const string MacroPrefix = "[attr]";

    /// <summary>The rules of one file, and, of the file at the top, its macros.</summary>
    /// <param name="content">The file.</param>
    /// <param name="macros">Where macros go; null: none are allowed here.</param>
    public static IReadOnlyList<AttributeRule> Read(ReadOnlySpan<byte> content, Dictionary<string, IReadOnlyList<AttributeSetting>>? macros)
    {
        List<AttributeRule> rules = [];
        content = content.StartsWith("\ufeff"u8) ? content[3..] : content;
        while (!content.IsEmpty)
        {
            int end = content.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = (end < 0 ? content : content[..end]).Trim(" \t\r"u8);
            content = end < 0 ? [] : content[(end + 1)..];
            if (line.IsEmpty || line[0] == '#' || line.Length > Limits.AttributeLineBytesMax)
            {
                continue;
            }

            byte[] pattern = TakePattern(ref line);
            IReadOnlyList<AttributeSetting> settings = ReadSettings(line);
            string text = Encoding.Latin1.GetString(pattern);
            if (text.StartsWith(MacroPrefix, StringComparison.Ordinal))
            {
                if (macros is not null)
                {
                    macros[text[MacroPrefix.Length..]] = settings;
                }
            }
            else if (pattern.Length > 0 && pattern[0] != '!' && pattern[^1] != '/')
            {
                // A pattern that ends in a slash is of folders only, and folders have no content.
                bool byName = !pattern.Contains((byte)'/');
                rules.Add(new AttributeRule(pattern[0] == '/' ? pattern[1..] : pattern, byName, settings));
            }
        }

        return rules;
    }

    private static byte[] TakePattern(ref ReadOnlySpan<byte> line)
    {
        if (line[0] == '"' && Unquote(ref line) is { } quoted)
        {
            return quoted;
        }

        int end = line.IndexOfAny((byte)' ', (byte)'\t');
        byte[] pattern = (end < 0 ? line : line[..end]).ToArray();
        line = end < 0 ? [] : line[end..];
        return pattern;
    }

    /// <summary>quote.c, <c>unquote_c_style</c>.</summary>
    private static byte[]? Unquote(ref ReadOnlySpan<byte> line)
    {
        List<byte> bytes = [];
        for (int i = 1; i < line.Length; i++)
        {
            if (line[i] == '"')
            {
                line = line[(i + 1)..];
                return [.. bytes];
            }

            if (line[i] != '\\')
            {
                bytes.Add(line[i]);
                continue;
            }

            if (++i >= line.Length)
            {
                return null;
            }

            int escape = "abfnrtv\\\""u8.IndexOf(line[i]);
            if (escape >= 0)
            {
                bytes.Add("\a\b\f\n\r\t\v\\\""u8[escape]);
            }
            else if (i + 2 < line.Length && line[i] is >= (byte)'0' and <= (byte)'3' && line[i + 1] is >= (byte)'0' and <= (byte)'7' && line[i + 2] is >= (byte)'0' and <= (byte)'7')
            {
                bytes.Add((byte)(((line[i] - '0') << 6) | ((line[i + 1] - '0') << 3) | (line[i + 2] - '0')));
                i += 2;
            }
            else
            {
                return null;
            }
        }

        return null;
    }

    private static List<AttributeSetting> ReadSettings(ReadOnlySpan<byte> line)
    {
        List<AttributeSetting> settings = [];
        foreach (string word in Encoding.Latin1.GetString(line).Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            settings.Add(word[0] switch
            {
                '-' => new AttributeSetting(word[1..], AttributeSetting.False),
                '!' => new AttributeSetting(word[1..], AttributeSetting.Unspecified),
                _ when equals < 0 => new AttributeSetting(word, AttributeSetting.True),
                _ => new AttributeSetting(word[..equals], word[(equals + 1)..]),
            });
        }

        return settings;
    }
}
