using Orleans.Runtime;
using Orleans.Services;

namespace Actors.Grains.Registry;

/// <summary>Reaches each silo's <see cref="IRegistrationTeller"/>.</summary>
internal interface IRegistrationReader : IGrainServiceClient<IRegistrationTeller>
{
    /// <summary>Asks one silo.</summary>
    IRegistrationTeller At(SiloAddress silo);
}
