using Actors.Sync.ForgeHosts;

namespace Actors.Grains.ForgeHosts;

/// <summary>What a forge grain keeps over restarts. Fields are only added; their numbers are never reused.</summary>
[GenerateSerializer]
[Alias("actors.forge-record")]
public sealed class ForgeRecord
{
    /// <summary>As <see cref="HostBudget.Write"/> writes it; null: the host is new.</summary>
    [Id(0)]
    public string? Budget { get; set; }

    /// <summary>Where the host was met first: an address; null: not met yet, or through a proxy. Kept for ever, so that all silos agree.</summary>
    [Id(1)]
    public string? Address { get; set; }

    /// <summary>The forge grain that owns the patience of that address, the first that was met there; null: this one.</summary>
    [Id(2)]
    public string? SharedWith { get; set; }
}
