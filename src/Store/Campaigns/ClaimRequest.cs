using Actors.Git.Remotes;

namespace Actors.Store.Campaigns;

/// <summary>A wish for chunks. Hosts that are braked or silent (<see cref="HostPause"/>) are passed over anyway.</summary>
public sealed record ClaimRequest
{
    /// <summary>Who asks, for people.</summary>
    public required string Holder { get; init; }

    /// <summary>Chunks at most.</summary>
    public required int Max { get; init; }

    /// <summary>Of one host at most: a process with chunks of many hosts waits for none.</summary>
    public int PerHostMax { get; init; } = 1;

    /// <summary>How long they are the caller's without a checkpoint or <see cref="ICampaignStore.RenewAsync"/>.</summary>
    public required TimeSpan Lease { get; init; }

    /// <summary>Only chunks of these hosts; null: of any. The default <see cref="ForgeHost"/> stands for chunks of many hosts.</summary>
    public IReadOnlyCollection<ForgeHost>? Wanted { get; init; }

    /// <summary>
    /// Only chunks of hosts of which no other holder has chunks: one process that works a host asks it and the database in larger portions than
    /// several do. Told from the first of a host's open chunks, which are claimed first. Chunks of many hosts are shared anyway.
    /// </summary>
    public bool Unshared { get; init; }

    /// <summary>No chunks of these hosts. The default <see cref="ForgeHost"/> stands for chunks of many hosts.</summary>
    public IReadOnlyCollection<ForgeHost> Avoided { get; init; } = [];
}
