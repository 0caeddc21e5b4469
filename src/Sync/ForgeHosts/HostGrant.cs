namespace Actors.Sync.ForgeHosts;

/// <summary>
/// The owner's answer to a <see cref="HostCall"/>. All times are spans: no two clocks are compared. The silo counts
/// <see cref="UnitsFor"/> from before it sent the call, so that it stops before the owner takes back.
/// </summary>
public sealed record HostGrant
{
    /// <summary>Of the call.</summary>
    public required long Sequence { get; init; }

    /// <summary>The batch up to which evidence is counted.</summary>
    public required long Batch { get; init; }

    /// <summary>Grows whenever starts that were granted before are void: a host asked for silence, an operator braked.</summary>
    public required long Version { get; init; }

    /// <summary>Owner's time of the grant; evidence names it.</summary>
    public required long GrantedAt { get; init; }

    /// <summary>Syncs at once from now on; what runs beyond ends by itself.</summary>
    public int Units { get; init; }

    /// <summary>How long the units are the silo's without another call.</summary>
    public TimeSpan UnitsFor { get; init; }

    /// <summary>The silo was thought silent and its units were taken back: what it runs ends now.</summary>
    public bool Lapsed { get; init; }

    /// <summary>Whether starts can be had, as <see cref="HostPolicy.TryBegin"/> answers.</summary>
    public PermitAnswer Answer { get; init; }

    /// <summary>Where there were none: when it makes sense to ask again.</summary>
    public TimeSpan AskAgainIn { get; init; }

    /// <summary>Starts, beside those that the silo holds.</summary>
    public int Starts { get; init; }

    /// <summary>How many of them may be begun at once; below zero: so many become ready for others first.</summary>
    public double StartsReady { get; init; }

    /// <summary>How many become ready a second; 0: all are.</summary>
    public double StartsPerSecond { get; init; }

    /// <summary>Starts that are not begun by then are void.</summary>
    public TimeSpan StartsFor { get; init; }

    /// <summary>The start is for the canary repository and nothing else.</summary>
    public bool ForCanary { get; init; }

    /// <summary>The host is silent for so long; zero: it is not.</summary>
    public TimeSpan SilentFor { get; init; }
}
