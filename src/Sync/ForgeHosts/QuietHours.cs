using System.Globalization;

namespace Actors.Sync.ForgeHosts;

/// <summary>A part of each day in which a host is asked less, or not at all. In UTC; may pass midnight.</summary>
/// <param name="From">Begin, since midnight.</param>
/// <param name="To">End, since midnight; before <paramref name="From"/>: on the next day.</param>
public readonly record struct QuietHours(TimeSpan From, TimeSpan To)
{
    /// <summary>Parses <c>08:00-18:30</c>.</summary>
    /// <exception cref="FormatException">Anything else, or an empty time.</exception>
    public static QuietHours Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split('-') is [var from, var to] && TryTime(from, out TimeSpan begin) && TryTime(to, out TimeSpan end) && begin != end
            ? new QuietHours(begin, end)
            : throw new FormatException($"'{text}' is not a time of day such as 08:00-18:30 (UTC)");
    }

    /// <summary>Whether they are now, and when they end (UTC ticks).</summary>
    public bool Contains(long now, out long end)
    {
        long midnight = now - (now % TimeSpan.TicksPerDay);
        long length = (To - From).Ticks;
        length += length < 0 ? TimeSpan.TicksPerDay : 0;
        long begin = midnight + From.Ticks;
        begin -= begin > now ? TimeSpan.TicksPerDay : 0;
        end = begin + length;
        return now < end;
    }

    public override string ToString() => $"{From:hh\\:mm}-{To:hh\\:mm}";

    private static bool TryTime(string text, out TimeSpan time) =>
        TimeSpan.TryParseExact(text, "hh\\:mm", CultureInfo.InvariantCulture, out time);
}
