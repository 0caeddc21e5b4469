using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Actors.Loaders.Packages;

/// <summary>
/// How Python prints lists and dictionaries (its reference, "repr"): an author whose address is a list is hashed so by those who made ids of what they read.
/// </summary>
internal static class PythonText
{
    /// <summary>A number: whole ones as they are written, all others as the shortest digits that are the same double.</summary>
    public static string Number(JsonElement number)
    {
        string raw = number.GetRawText();
        if (raw.AsSpan().IndexOfAny(".eE") < 0)
        {
            return raw == "-0" ? "0" : raw;
        }

        double value = number.GetDouble();
        if (!double.IsFinite(value))
        {
            return value < 0 ? "-inf" : "inf";
        }

        // Shortest digits, from whatever form the runtime gives them in.
        string shortest = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        string[] parts = shortest.Split('E');
        int point = parts[0].IndexOf('.', StringComparison.Ordinal);
        int exponent = (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0) + (point < 0 ? parts[0].Length : point);
        string all = parts[0].Replace(".", "", StringComparison.Ordinal);
        string digits = all.TrimStart('0');
        exponent -= all.Length - digits.Length;
        digits = digits.TrimEnd('0');
        string text = digits.Length == 0 ? "0.0"
            : exponent is > -4 and <= 0 ? "0." + new string('0', -exponent) + digits
            : exponent is > 0 and <= 16 ? digits.PadRight(exponent, '0')[..exponent] + "." + (digits.Length > exponent ? digits[exponent..] : "0")
            : string.Create(CultureInfo.InvariantCulture, $"{digits[..1]}{(digits.Length > 1 ? "." : "")}{digits[1..]}e{(exponent > 0 ? "+" : "-")}{Math.Abs(exponent - 1):00}");
        return double.IsNegative(value) ? "-" + text : text;
    }

    public static string Repr(JsonElement element)
    {
        StringBuilder text = new();
        Write(element, text);
        return text.ToString();
    }

    private static void Write(JsonElement element, StringBuilder text)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                text.Append('[');
                foreach ((int i, JsonElement one) in element.EnumerateArray().Index())
                {
                    text.Append(i > 0 ? ", " : "");
                    Write(one, text);
                }

                text.Append(']');
                break;
            case JsonValueKind.Object:
                text.Append('{');
                // Of a key that is there twice the last value counts, at the first one's place.
                foreach ((int i, string name) in element.EnumerateObject().Select(property => property.Name).Distinct(StringComparer.Ordinal).Index())
                {
                    text.Append(i > 0 ? ", " : "");
                    WriteString(name, text);
                    text.Append(": ");
                    Write(element.GetProperty(name), text);
                }

                text.Append('}');
                break;
            case JsonValueKind.String:
                WriteString(element.Printed() ?? "", text);
                break;
            default:
                text.Append(element.Printed());
                break;
        }
    }

    /// <summary>In single quotes, but for a text with such and without double ones; what cannot be printed by its number.</summary>
    private static void WriteString(string value, StringBuilder text)
    {
        char quote = value.Contains('\'', StringComparison.Ordinal) && !value.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        text.Append(quote);
        foreach (Rune rune in value.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\\' => text.Append(@"\\"),
                '\n' => text.Append(@"\n"),
                '\r' => text.Append(@"\r"),
                '\t' => text.Append(@"\t"),
                _ when rune.Value == quote => text.Append('\\').Append(quote),
                _ when IsPrintable(rune) => text.Append(rune.ToString()),
                < 0x100 => text.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
                < 0x10000 => text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                _ => text.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
            };
        }

        text.Append(quote);
    }

    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);
}
