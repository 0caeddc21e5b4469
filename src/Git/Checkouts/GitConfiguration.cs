using System.Text;

namespace Actors.Git.Checkouts;

/// <summary>
/// One file of git's configuration (git-config, "CONFIGURATION FILE"): settings in their order, not merged. Includes are settings like
/// others: whoever reads files follows them.
/// </summary>
public static class GitConfiguration
{
    /// <summary>Reads a file.</summary>
    /// <param name="content">All of it.</param>
    /// <returns>
    /// Names as <c>core.autocrlf</c> or <c>includeif.gitdir:~/work/.path</c>: section and last step in small letters, what is between them as it
    /// is. A name without <c>=</c> has the value <c>true</c>.
    /// </returns>
    /// <exception cref="GitFormatException">git would refuse it, or it is too long.</exception>
    public static IReadOnlyList<(string Name, string Value)> Read(ReadOnlySpan<byte> content)
    {
        if (content.Length > Limits.ConfigurationBytesMax)
        {
            throw new GitFormatException(GitFormatError.OverLimit, $"a configuration file has {content.Length} bytes, at most {Limits.ConfigurationBytesMax} are read");
        }

        string text = Encoding.UTF8.GetString(content.StartsWith("\ufeff"u8) ? content[3..] : content);
        List<(string, string)> settings = [];
        string? section = null;
        int at = 0;
        while (at < text.Length)
        {
            char c = text[at];
            if (char.IsWhiteSpace(c))
            {
                at++;
            }
            else if (c is '#' or ';')
            {
                at = LineEnd(text, at);
            }
            else if (c == '[')
            {
                section = ReadSection(text, ref at);
            }
            else if (char.IsAsciiLetter(c) && section is not null)
            {
                int end = at;
                while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '-'))
                {
                    end++;
                }

                string name = $"{section}.{text[at..end].ToLowerInvariant()}";
                at = end;
                settings.Add((name, ReadValue(text, ref at)));
            }
            else
            {
                throw Bad("a setting begins with a letter, and is in a section", at);
            }
        }

        return settings;
    }

    /// <summary><c>[section]</c>, <c>[section "sub"]</c>, or, as of old, <c>[section.sub]</c>.</summary>
    private static string ReadSection(string text, ref int at)
    {
        int start = ++at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '-' or '.'))
        {
            at++;
        }

        StringBuilder name = new(text[start..at].ToLowerInvariant());
        while (at < text.Length && text[at] is ' ' or '\t')
        {
            at++;
        }

        if (at < text.Length && text[at] == '"')
        {
            name.Append('.');
            for (at++; at < text.Length && text[at] is not ('"' or '\n'); at++)
            {
                at += text[at] == '\\' && at + 1 < text.Length ? 1 : 0;
                name.Append(text[at]);
            }

            at++;
        }

        return at < text.Length && text[at++] == ']' ? name.ToString() : throw Bad("a section ends with a bracket", start);
    }

    private static string ReadValue(string text, ref int at)
    {
        int start = at;
        while (at < text.Length && text[at] is ' ' or '\t')
        {
            at++;
        }

        if (at >= text.Length || text[at] == '\n' || (text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n'))
        {
            return "true";
        }

        if (text[at++] != '=')
        {
            throw Bad("a name is followed by an equals sign or by nothing", start);
        }

        StringBuilder value = new();
        bool quoted = false;
        int solid = 0;
        for (; at < text.Length && text[at] != '\n'; at++)
        {
            char c = text[at];
            if (!quoted && c is '#' or ';')
            {
                at = LineEnd(text, at);
                break;
            }

            if (c == '"')
            {
                quoted = !quoted;
                solid = value.Length;
            }
            else if (c == '\\')
            {
                Escape(text, ref at, value);
                solid = value.Length;
            }
            else if (quoted || !char.IsWhiteSpace(c))
            {
                value.Append(c);
                solid = value.Length;
            }
            else if (value.Length > 0)
            {
                value.Append(c);
            }
        }

        return quoted ? throw Bad("a quote is not closed", start) : value.ToString(0, solid);
    }

    private static void Escape(string text, ref int at, StringBuilder value)
    {
        at++;
        if (at + 1 < text.Length && text[at] == '\r' && text[at + 1] == '\n')
        {
            at++;
        }

        char? escaped = at >= text.Length ? null : text[at] switch
        {
            'n' => '\n',
            't' => '\t',
            'b' => '\b',
            '"' or '\\' => text[at],
            '\n' => '\0',
            _ => null,
        };
        if (escaped is not { } c)
        {
            throw Bad("a backslash is followed by n, t, b, a quote, a backslash or the end of the line", at);
        }

        if (c != '\0')
        {
            value.Append(c);
        }
    }

    private static int LineEnd(string text, int at) => text.IndexOf('\n', at) is >= 0 and var end ? end : text.Length;

    private static GitFormatException Bad(string rule, int at) => new(GitFormatError.Object, $"a configuration file: {rule}", at);
}
