using Orleans.Runtime;

namespace Actors.Grains.ForgeHosts;

/// <summary>Keeps who was first. Two activations of it cannot both: the second write fails.</summary>
[GrainType("actors.address")]
internal sealed class AddressGrain([PersistentState("first", StorageNames.Forges)] IPersistentState<AddressRecord> record) : Grain, IAddressGrain
{
    public async Task<string> JoinAsync(string forge)
    {
        if (record.State.First is { } first)
        {
            return first;
        }

        record.State.First = forge;
        try
        {
            await record.WriteStateAsync();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Whether it was written is not known: read again before anybody is told.
            DeactivateOnIdle();
            throw;
        }

        return forge;
    }
}
