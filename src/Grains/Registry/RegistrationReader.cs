using Orleans.Runtime;
using Orleans.Runtime.Services;

namespace Actors.Grains.Registry;

internal sealed class RegistrationReader(IServiceProvider services) : GrainServiceClient<IRegistrationTeller>(services), IRegistrationReader
{
    public IRegistrationTeller At(SiloAddress silo) => GetGrainService(silo);
}
