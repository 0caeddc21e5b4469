using Orleans.Concurrency;

namespace Actors.Grains.ForgeHosts;

/// <summary>A silo that works for forge hosts. What it is told may be lost: the next call tells it again.</summary>
[Alias("actors.forge-observer")]
public interface IForgeObserver : IGrainObserver
{
    /// <summary>Starts that were granted before this version are void.</summary>
    /// <param name="key">The forge grain's.</param>
    /// <param name="version">See <see cref="Sync.ForgeHosts.HostGrant.Version"/>.</param>
    /// <param name="silentFor">Nothing is begun for so long; zero: only the version is new.</param>
    [Alias("Silence")]
    [OneWay]
    Task SilenceAsync(string key, long version, TimeSpan silentFor);
}
