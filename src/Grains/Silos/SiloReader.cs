using Orleans.Runtime;
using Orleans.Runtime.Services;

namespace Actors.Grains.Silos;

internal sealed class SiloReader(IServiceProvider services) : GrainServiceClient<ISiloTeller>(services), ISiloReader
{
    public ISiloTeller At(SiloAddress silo) => GetGrainService(silo);
}
