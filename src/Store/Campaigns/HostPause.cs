using Actors.Git.Remotes;

namespace Actors.Store.Campaigns;

/// <summary>A forge host of which no chunk is claimed for a time.</summary>
/// <param name="Host">Which.</param>
/// <param name="BrakedUntil">An operator asked so, or null.</param>
/// <param name="SilentUntil">The host asked for silence, or does not answer; or null.</param>
public sealed record HostPause(ForgeHost Host, DateTimeOffset? BrakedUntil, DateTimeOffset? SilentUntil);
