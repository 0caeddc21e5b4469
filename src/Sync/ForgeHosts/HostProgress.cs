using Actors.Git.Remotes;

namespace Actors.Sync.ForgeHosts;

/// <summary>A forge host in a running campaign.</summary>
/// <param name="Host">Which.</param>
/// <param name="Running">Permits out.</param>
/// <param name="Waiting">Repositories that wait for a permit.</param>
/// <param name="Done">Syncs ended.</param>
/// <param name="Throttled">Answers that asked for patience.</param>
/// <param name="SilentUntil">Nothing is asked before this time, or null.</param>
public sealed record HostProgress(ForgeHost Host, int Running, long Waiting, long Done, long Throttled, DateTimeOffset? SilentUntil);
