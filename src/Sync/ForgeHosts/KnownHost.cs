using Actors.Git.Remotes;

namespace Actors.Sync.ForgeHosts;

/// <summary>A forge host as all campaigns of this process know it.</summary>
internal sealed class KnownHost(ForgeHost host, HostPolicy policy)
{
    public ForgeHost Host { get; } = host;

    /// <summary>The host's own, or the one of its budget.</summary>
    public HostPolicy Policy { get; set; } = policy;

    /// <summary>The budget that it was given to, or null: its own alone.</summary>
    public string? Budget { get; set; }

    /// <summary>Campaigns that have a queue for it.</summary>
    public int Users { get; set; }

    /// <summary>The campaign whose sync got the last permit: those of one priority take turns.</summary>
    public HostQueues? LastServed { get; set; }

    /// <summary>Syncs ended, of all campaigns.</summary>
    public long Done { get; set; }
}
