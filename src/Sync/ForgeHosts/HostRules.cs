using Actors.Git.Remotes;

namespace Actors.Sync.ForgeHosts;

/// <summary>What a forge host is allowed to see of us, and how its patience is found: from the presets and the settings file.</summary>
public sealed record HostRules
{
    /// <summary>Syncs at once, at most.</summary>
    public int Concurrency { get; init; } = HostLimits.Default.Concurrency;

    /// <summary>Requests a second, at most; infinite: as many as the host bears.</summary>
    public double RequestsPerSecond { get; init; } = double.PositiveInfinity;

    /// <summary>Syncs at once to begin with; null: <see cref="Concurrency"/>.</summary>
    public int? FirstConcurrency { get; init; } = 2;

    /// <summary>Requests a second to begin with; doubles each second while answers are clean. Null: <see cref="RequestsPerSecond"/>.</summary>
    public double? FirstRequestsPerSecond { get; init; } = 4;

    /// <summary>Silence after the first throttling that does not say for how long; doubles each time.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Silence after known repositories were refused in a row: at least this, where the host is known to ban for so long.</summary>
    public TimeSpan BanSilence { get; init; }

    /// <summary>When it is asked less.</summary>
    public IReadOnlyList<QuietHours> QuietHours { get; init; } = [];

    /// <summary>Syncs at once in quiet hours; 0: none.</summary>
    public int QuietConcurrency { get; init; }

    /// <summary>Hosts that share what they bear have the same name here; null: alone, but for hosts behind the same address.</summary>
    public string? Budget { get; init; }

    /// <summary>A public repository of the host that is known to stay: asked when many others are refused. Null: the last that answered.</summary>
    public RepositoryUrl? Canary { get; init; }

    /// <summary>An open door: begins at its ceilings, as on this machine.</summary>
    public static HostRules Open(HostLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return new HostRules
        {
            Concurrency = limits.Concurrency,
            RequestsPerSecond = limits.RequestsPerSecond,
            FirstConcurrency = null,
            FirstRequestsPerSecond = null,
        }.Checked();
    }

    /// <summary>The rules under a caller's own ceilings.</summary>
    public HostRules Within(HostLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return (this with
        {
            Concurrency = Math.Min(Concurrency, limits.Concurrency),
            RequestsPerSecond = Math.Min(RequestsPerSecond, limits.RequestsPerSecond),
        }).Checked();
    }

    /// <summary>Syncs at once at a time, and until when that is so where it is none.</summary>
    internal int ConcurrencyAt(long now, out long until)
    {
        until = 0;
        foreach (QuietHours quiet in QuietHours)
        {
            if (quiet.Contains(now, out until))
            {
                return Math.Min(QuietConcurrency, Concurrency);
            }
        }

        return Concurrency;
    }

    private HostRules Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Concurrency, 1);
        return RequestsPerSecond > 0 ? this : throw new ArgumentOutOfRangeException(nameof(RequestsPerSecond), RequestsPerSecond, "A rate is above zero.");
    }
}
