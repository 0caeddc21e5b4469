namespace Actors.Grains.ForgeHosts;

/// <summary>An IP address that forge hosts were met at: remembers the first of them, whose forge grain owns the patience of all. Key: the address.</summary>
[Alias("actors.address")]
public interface IAddressGrain : IGrainWithStringKey
{
    /// <summary>Says that a host was met here. Repeating is harmless.</summary>
    /// <param name="forge">Its forge grain's key.</param>
    /// <returns>The first one's key.</returns>
    [Alias("Join")]
    Task<string> JoinAsync(string forge);
}
