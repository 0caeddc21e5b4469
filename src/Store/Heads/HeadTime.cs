namespace Actors.Store.Heads;

/// <summary>How head stores keep a time: whole milliseconds since 1970, UTC.</summary>
internal static class HeadTime
{
    public static long ToNumber(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    public static long? ToNumber(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();

    public static DateTimeOffset FromNumber(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public static DateTimeOffset? FromNumber(long? milliseconds) => milliseconds is { } known ? FromNumber(known) : null;

    /// <summary>The time as it will be read back.</summary>
    public static DateTimeOffset Kept(DateTimeOffset time) => FromNumber(ToNumber(time));

    /// <summary>The time as it will be read back.</summary>
    public static DateTimeOffset? Kept(DateTimeOffset? time) => time is { } known ? Kept(known) : null;
}
