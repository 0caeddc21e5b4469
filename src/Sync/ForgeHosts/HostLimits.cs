namespace Actors.Sync.ForgeHosts;

/// <summary>What a forge host is allowed to see of us at most.</summary>
/// <param name="Concurrency">Syncs at once.</param>
/// <param name="RequestsPerSecond">Syncs begun a second; infinite for no limit.</param>
public sealed record HostLimits(int Concurrency, double RequestsPerSecond)
{
    /// <summary>Eight at once: eight workers kept below Debian Salsa's limit, sixteen met 429.</summary>
    public static HostLimits Default { get; } = new(8, double.PositiveInfinity);
}
