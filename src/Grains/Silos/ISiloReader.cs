using Orleans.Runtime;
using Orleans.Services;

namespace Actors.Grains.Silos;

/// <summary>Reaches each silo's <see cref="ISiloTeller"/>.</summary>
internal interface ISiloReader : IGrainServiceClient<ISiloTeller>
{
    /// <summary>Asks one silo.</summary>
    ISiloTeller At(SiloAddress silo);
}
