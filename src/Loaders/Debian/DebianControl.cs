using System.Text;
using Actors.Loaders.Objects;

namespace Actors.Loaders.Debian;

/// <summary>Debian's control files (deb822): paragraphs of fields, one after the other.</summary>
internal static class DebianControl
{
    /// <summary>The format that a <c>.dsc</c> names; a signature around it is not looked at. Without the field it is 1.0.</summary>
    public static string FormatOf(ReadOnlySpan<byte> description)
    {
        foreach (string line in Encoding.UTF8.GetString(description).Split('\n'))
        {
            if (line.StartsWith("Format:", StringComparison.OrdinalIgnoreCase))
            {
                return line["Format:".Length..].Trim();
            }
        }

        return "1.0";
    }

    /// <summary>The fields of one paragraph; lines that go on begin with white space and are kept, without it, one a line.</summary>
    /// <exception cref="ArchiveException">A line that is no field.</exception>
    public static Dictionary<string, string> Fields(ReadOnlySpan<byte> paragraph)
    {
        Dictionary<string, string> fields = new(StringComparer.OrdinalIgnoreCase);
        string? last = null;
        foreach (string line in Encoding.UTF8.GetString(paragraph).Split('\n'))
        {
            string text = line.TrimEnd('\r', ' ', '\t');
            if (text.Length == 0 || text[0] == '#')
            {
                continue;
            }

            if (text[0] is ' ' or '\t')
            {
                fields[last ?? throw new ArchiveException("a control file begins in the middle")] += "\n" + text.Trim();
                continue;
            }

            int colon = text.IndexOf(':', StringComparison.Ordinal);
            last = colon > 0 ? text[..colon] : throw new ArchiveException("a control file has a line that is no field");
            fields[last] = text[(colon + 1)..].Trim();
        }

        return fields;
    }
}
