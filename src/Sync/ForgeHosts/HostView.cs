using Actors.Git.Remotes;

namespace Actors.Sync.ForgeHosts;

/// <summary>A forge host's patience, as an operator sees it.</summary>
public sealed record HostView
{
    public required ForgeHost Host { get; init; }

    /// <summary>Permits out, over all silos.</summary>
    public int Running { get; init; }

    /// <summary>Permits that may be out now.</summary>
    public int Allowed { get; init; }

    /// <summary>Requests a second that may be begun now; null: no rate is held to.</summary>
    public double? RequestsPerSecond { get; init; }

    /// <summary>Repositories that wait for a permit.</summary>
    public long Waiting { get; init; }

    /// <summary>Syncs ended since this engine knows the host.</summary>
    public long Done { get; init; }

    /// <summary>Answers that asked for patience (429 and its kin).</summary>
    public long Throttled { get; init; }

    /// <summary>The host asked for silence until then, or null.</summary>
    public DateTimeOffset? SilentUntil { get; init; }

    /// <summary>An operator braked the host until then, or null.</summary>
    public DateTimeOffset? BrakedUntil { get; init; }

    /// <summary>The host does not answer: one canary at a time, or none.</summary>
    public bool IsDown { get; init; }
}
