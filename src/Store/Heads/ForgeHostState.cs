using Actors.Git.Remotes;

namespace Actors.Store.Heads;

/// <summary>What is remembered of a forge host between runs.</summary>
/// <param name="Host">Which.</param>
/// <param name="Profile">What its server can do, as the profile writes itself; or null.</param>
/// <param name="SilentUntil">Ask nothing before this time, or null.</param>
/// <param name="Throttling">The policy's own state, as it writes itself; or null.</param>
public sealed record ForgeHostState(ForgeHost Host, string? Profile, DateTimeOffset? SilentUntil, string? Throttling);
