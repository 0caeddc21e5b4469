using Orleans.Runtime;

namespace Actors.Grains.Registry;

/// <summary>
/// Knows which silo has which repositories of one forge host; keyed by the host. Its state is in memory only: one that begins asks all
/// silos what they have.
/// </summary>
[Alias("actors.IRegistryGrain")]
internal interface IRegistryGrain : IGrainWithStringKey
{
    /// <summary>Gives up some repositories, then takes others: those that no living silo has are the caller's.</summary>
    /// <param name="silo">The caller's.</param>
    /// <param name="taken">Canonical URLs.</param>
    /// <param name="given">Canonical URLs.</param>
    [Alias("Exchange")]
    Task<RegistryAnswer> ExchangeAsync(SiloAddress silo, string[] taken, string[] given);

    /// <summary>The silo that has a repository, or null.</summary>
    [Alias("Find")]
    Task<SiloAddress?> FindAsync(string repository);
}
