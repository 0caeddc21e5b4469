using Actors.Git.Packs;
using Actors.Git.Refs;
using Actors.Sync.Campaigns;
using Actors.Sync.Repositories;

namespace Actors.Grains.Repositories;

/// <summary>How a repository is to be visited. Fields are only added; their numbers are never reused.</summary>
[GenerateSerializer]
[Immutable]
[Alias("actors.visit-order")]
public sealed record VisitOrder
{
    /// <summary>The campaign's number, or 0.</summary>
    [Id(0)]
    public long Campaign { get; init; }

    /// <summary>See <see cref="RefSelection.Text"/>.</summary>
    [Id(1)]
    public string Refs { get; init; } = RefSelection.Default.Text;

    [Id(2)]
    public TimeSpan SyncTimeMax { get; init; } = TimeSpan.FromHours(6);

    [Id(3)]
    public long PackBytesMax { get; init; } = PackLimits.Default.PackBytesMax;

    /// <summary>The silo that has a permit for it, or null: none is had yet.</summary>
    [Id(4)]
    public string? Silo { get; init; }

    /// <summary>The permit's number in that silo.</summary>
    [Id(5)]
    public long Permit { get; init; }

    /// <summary>An end by a host that wants patience is not recorded: the caller comes again.</summary>
    [Id(6)]
    public bool ComesAgain { get; init; }

    /// <summary>What a campaign orders.</summary>
    public static VisitOrder Of(long campaign, CampaignOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        return new VisitOrder { Campaign = campaign, Refs = order.Refs.Text, SyncTimeMax = order.SyncTimeMax, PackBytesMax = order.PackBytesMax };
    }

    internal SyncOptions ToOptions(int indexThreads) => new()
    {
        Refs = RefSelection.Parse(Refs),
        SyncTimeMax = SyncTimeMax,
        PackLimits = PackLimits.Default with { PackBytesMax = PackBytesMax },
        IndexThreads = indexThreads,
    };
}
