using System.Globalization;
using System.Text.RegularExpressions;

namespace Actors.Loaders.Objects;

/// <summary>A point in time as commits and tags write it.</summary>
/// <param name="Seconds">Since 1970, UTC; may be negative.</param>
/// <param name="Microseconds">0 to 999,999. Software Heritage writes them where there are some; git's own objects have none.</param>
/// <param name="Offset">The zone as written: <c>+0200</c>.</param>
internal readonly partial record struct ReleaseDate(long Seconds, int Microseconds, string Offset)
{
    /// <summary><c>seconds[.fraction] offset</c>, the fraction without trailing zeroes.</summary>
    public override string ToString() => Microseconds == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{Seconds} {Offset}")
        : string.Create(CultureInfo.InvariantCulture, $"{Seconds}.{Microseconds:000000}").TrimEnd('0') + " " + Offset;

    /// <summary>
    /// An ISO 8601 time as registries write it, complete or only its beginning; without a zone it is UTC. Digits after microseconds are cut off.
    /// Null when it is none.
    /// </summary>
    public static ReleaseDate? ParseIso(string? text, bool wholeSeconds = false)
    {
        if (text is null || IsoTime().Match(text) is not { Success: true } match)
        {
            return null;
        }

        int Number(string group, int missing) => match.Groups[group] is { Success: true } found ? int.Parse(found.ValueSpan, CultureInfo.InvariantCulture) : missing;
        int minutes = (60 * Number("zoneHour", 0)) + Number("zoneMinute", 0);
        if (minutes >= 24 * 60)
        {
            return null;
        }

        DateTime local;
        try
        {
            local = new DateTime(Number("year", 1), Number("month", 1), Number("day", 1), Number("hour", 0), Number("minute", 0), Number("second", 0), DateTimeKind.Utc);
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }

        bool west = match.Groups["sign"].Value == "-";
        string digits = match.Groups["fraction"].Value.PadRight(6, '0')[..6];
        // A zone of -00:00 says that nobody knows it; no other zero has that sign.
        string zone = string.Create(CultureInfo.InvariantCulture, $"{(west ? '-' : '+')}{minutes / 60:00}{minutes % 60:00}");
        return new ReleaseDate(
            new DateTimeOffset(local).ToUnixTimeSeconds() - ((west ? -60L : 60L) * minutes),
            wholeSeconds ? 0 : int.Parse(digits, CultureInfo.InvariantCulture),
            zone);
    }

    [GeneratedRegex(
        @"^(?<year>[0-9]{4})(?:(?:-(?<month>[0-9]{1,2})|(?<month>[0-9]{2})(?!\z))(?:(?:-(?<day>[0-9]{1,2})|(?<day>[0-9]{2}))(?:[ T](?<hour>[0-9]{2})(?::?(?<minute>[0-9]{2}))?(?::?(?<second>[0-9]{1,2})(?:[.,](?<fraction>[0-9]+))?)?(?:Z|(?<sign>[-+])(?<zoneHour>[0-9]{2}):?(?<zoneMinute>[0-9]{2})?)?)?)?)?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IsoTime();
}
