using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Actors.Loaders.Objects;

namespace Actors.Loaders.Debian;

/// <summary>Who made a package's newest version, and when: the first trailer line of <c>debian/changelog</c> (deb-changelog(5)).</summary>
/// <param name="Author">Name and address as written.</param>
/// <param name="Date">In its own zone.</param>
internal sealed partial record Changelog(string Author, ReleaseDate Date)
{
    private static readonly string[] Months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    /// <exception cref="ArchiveException">It has no such line.</exception>
    public static Changelog Parse(ReadOnlySpan<byte> bytes)
    {
        foreach (string line in TextOf(bytes).Split('\n'))
        {
            if (line.StartsWith(" -- ", StringComparison.Ordinal) && Trailer().Match(line.TrimEnd()) is { Success: true } trailer)
            {
                return new Changelog(trailer.Groups["author"].Value, DateOf(trailer));
            }
        }

        throw new ArchiveException("debian/changelog has no entry");
    }

    /// <summary>UTF-8; a file with any byte that is not, is of the time when Debian's were ISO 8859-15.</summary>
    private static string TextOf(ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return Encoding.UTF8.GetString(bytes);
        }

        // Latin-1 but for eight characters.
        return new string([.. Encoding.Latin1.GetString(bytes).Select(c => c switch
        {
            '\u00a4' => '€',
            '\u00a6' => 'Š',
            '\u00a8' => 'š',
            '\u00b4' => 'Ž',
            '\u00b8' => 'ž',
            '\u00bc' => 'Œ',
            '\u00bd' => 'œ',
            '\u00be' => 'Ÿ',
            _ => c,
        })]);
    }

    private static ReleaseDate DateOf(Match trailer)
    {
        int Number(string group) => int.Parse(trailer.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
        int month = Array.FindIndex(Months, name => trailer.Groups["month"].Value.StartsWith(name, StringComparison.OrdinalIgnoreCase)) + 1;
        string zone = trailer.Groups["zone"].Value;
        try
        {
            DateTime local = new(Number("year"), month, Number("day"), Number("hour"), Number("minute"), Number("second"), DateTimeKind.Utc);
            int minutes = (int.Parse(zone.AsSpan(1, 2), CultureInfo.InvariantCulture) * 60) + int.Parse(zone.AsSpan(3, 2), CultureInfo.InvariantCulture);
            long seconds = new DateTimeOffset(local).ToUnixTimeSeconds() - (zone[0] == '-' ? -60L : 60L) * minutes;
            // -0000 says that the zone is not known: Software Heritage writes such a time as one in UTC.
            return new ReleaseDate(seconds, 0, zone == "-0000" ? "+0000" : zone);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new ArchiveException("debian/changelog has an impossible date", e);
        }
    }

    [GeneratedRegex(@"^ -- (?<author>.*? <.*?>)\s+(?:\w+,\s*)?(?<day>\d{1,2})\s+(?<month>[A-Za-z]+)\s+(?<year>\d{4})\s+(?<hour>\d{1,2}):(?<minute>\d\d):(?<second>\d\d)\s+(?<zone>[-+]\d{4})(?:\s+\(.*\))?$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Trailer();
}
