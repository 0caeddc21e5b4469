namespace Actors.Grains.ForgeHosts;

/// <summary>What an address grain keeps. Fields are only added; their numbers are never reused.</summary>
[GenerateSerializer]
[Alias("actors.address-record")]
public sealed class AddressRecord
{
    /// <summary>Key of the forge grain whose host was met here first, or null.</summary>
    [Id(0)]
    public string? First { get; set; }
}
