using Actors.Sync.ForgeHosts;
using Orleans.Concurrency;

namespace Actors.Grains.ForgeHosts;

/// <summary>
/// Owns a forge host's patience for all silos. Key: a <see cref="Git.Remotes.ForgeHost"/>, or a budget's name that several hosts share
/// (<see cref="ForgeKey"/>). Silos call it about once a second while they work for the host, not for each sync.
/// </summary>
[Alias("actors.forge")]
public interface IForgeGrain : IGrainWithStringKey
{
    /// <summary>Tells what ended, and asks for what may be begun.</summary>
    /// <param name="call">Told again, late or twice it does no harm.</param>
    /// <param name="observer">Told at once when the host wants silence.</param>
    [Alias("Call")]
    Task<HostGrant> CallAsync(HostCall call, IForgeObserver observer);

    /// <summary>Asks nothing of the host until then; null: lifts the brake.</summary>
    [Alias("Brake")]
    Task BrakeAsync(DateTimeOffset? until);

    /// <summary>
    /// Tells where the host was met. Hosts that the rules give no common budget, and that were met first at one address, share the
    /// patience of the first of them: the others' grains hand calls on to its grain. Repeating is harmless.
    /// </summary>
    /// <param name="address">An IP address.</param>
    /// <returns>The key of the grain that owns the host's patience.</returns>
    [Alias("Share")]
    Task<string> ShareAsync(string address);

    /// <summary>The host as an operator sees it.</summary>
    [Alias("View")]
    [AlwaysInterleave]
    Task<HostView> ViewAsync();
}
