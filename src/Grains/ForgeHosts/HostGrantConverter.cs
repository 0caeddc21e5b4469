using Actors.Sync.ForgeHosts;

namespace Actors.Grains.ForgeHosts;

[RegisterConverter]
internal sealed class HostGrantConverter : IConverter<HostGrant, HostGrantSurrogate>
{
    public HostGrant ConvertFromSurrogate(in HostGrantSurrogate surrogate) => surrogate.ToGrant();

    public HostGrantSurrogate ConvertToSurrogate(in HostGrant value) => HostGrantSurrogate.Of(value);
}
