using System.Globalization;

namespace Actors.Loaders.Objects;

/// <summary>A point in time as commits and tags write it.</summary>
/// <param name="Seconds">Since 1970, UTC; may be negative.</param>
/// <param name="Microseconds">0 to 999,999. Software Heritage writes them where there are some; git's own objects have none.</param>
/// <param name="Offset">The zone as written: <c>+0200</c>.</param>
internal readonly record struct ReleaseDate(long Seconds, int Microseconds, string Offset)
{
    /// <summary><c>seconds[.fraction] offset</c>, the fraction without trailing zeroes.</summary>
    public override string ToString() => Microseconds == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{Seconds} {Offset}")
        : string.Create(CultureInfo.InvariantCulture, $"{Seconds}.{Microseconds:000000}").TrimEnd('0') + " " + Offset;

    /// <summary>A time in UTC, in whole seconds or with its microseconds.</summary>
    public static ReleaseDate Utc(DateTimeOffset time, bool wholeSeconds = false) => Of(time.ToUniversalTime(), wholeSeconds);

    /// <summary>A time in its own zone.</summary>
    public static ReleaseDate Of(DateTimeOffset time, bool wholeSeconds = false)
    {
        long ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        long seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out long rest);
        if (rest < 0)
        {
            (seconds, rest) = (seconds - 1, rest + TimeSpan.TicksPerSecond);
        }

        TimeSpan zone = time.Offset;
        string offset = string.Create(CultureInfo.InvariantCulture, $"{(zone < TimeSpan.Zero ? '-' : '+')}{Math.Abs(zone.Hours):00}{Math.Abs(zone.Minutes):00}");
        return new ReleaseDate(seconds, wholeSeconds ? 0 : (int)(rest / TimeSpan.TicksPerMicrosecond), offset);
    }

    /// <summary>An ISO 8601 time as registries write it; without a zone it is UTC. Null when it is none.</summary>
    public static ReleaseDate? ParseIso(string? text, bool wholeSeconds = false)
    {
        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Styles, out DateTimeOffset time) ? Of(time, wholeSeconds) : null;
    }
}
