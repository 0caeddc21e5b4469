namespace Actors.Sync.ForgeHosts;

/// <summary>What a host's policy says to the wish to begin a sync.</summary>
public enum PermitAnswer : byte
{
    /// <summary>Begin; the policy counts on being told the end.</summary>
    Granted,

    /// <summary>As many as allowed are running: ask again when one ends.</summary>
    Saturated,

    /// <summary>Not before <see cref="HostPolicy.ReadyAt"/>.</summary>
    NotYet,

    /// <summary>The host did not answer for long: what waits ends as unreachable without a request.</summary>
    GivenUp,
}
