using Orleans.Services;

namespace Actors.Grains.Silos;

/// <summary>One in each silo: tells of it what no grain knows.</summary>
[Alias("actors.silo")]
internal interface ISiloTeller : IGrainService
{
    /// <summary>What this silo does now.</summary>
    [Alias("Read")]
    Task<SiloFigures> ReadAsync();

    /// <summary>Its visits of the last hours that failed and that took longest.</summary>
    [Alias("Troubles")]
    Task<SiloTroublesReport> ReadTroublesAsync(int max);

    /// <summary>What it has to do with a repository now.</summary>
    /// <param name="url">Canonical.</param>
    [Alias("Locate")]
    Task<RepositoryPlace> LocateAsync(string url);
}
