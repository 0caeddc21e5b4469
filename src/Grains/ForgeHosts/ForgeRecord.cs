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
}
