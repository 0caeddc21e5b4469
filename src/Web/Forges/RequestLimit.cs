namespace Actors.Web.Forges;

/// <summary>How many requests a simulated forge bears, and how it says that they are too many.</summary>
public sealed record RequestLimit
{
    /// <summary>Requests a second that fill the bucket.</summary>
    public required double RequestsPerSecond { get; init; }

    /// <summary>Requests that the full bucket holds.</summary>
    public double Burst { get; init; } = 1;

    /// <summary>Whether refusals name a time to come again.</summary>
    public bool TellsRetryAfter { get; init; } = true;

    /// <summary>The least that it names: forges round to whole seconds, or say a minute whatever is left.</summary>
    public TimeSpan RetryAfterMin { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Refusals within <see cref="BanWindow"/> that bring a ban; 0: none do.</summary>
    public int RefusalsToBan { get; init; }

    public TimeSpan BanWindow { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a ban lasts.</summary>
    public TimeSpan BanTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Each request during a ban begins it anew.</summary>
    public bool ProlongsBans { get; init; } = true;
}
