using Actors.Git.Remotes;
using Actors.Store.Campaigns;
using Actors.Store.Heads;

namespace Actors.Sync.Campaigns;

/// <summary>A line of a chunk that is to be visited.</summary>
/// <param name="place">Of the line in the chunk.</param>
/// <param name="line">The line.</param>
/// <param name="known">What is known of the repository.</param>
internal sealed class ChunkTask(int place, ChunkLine line, RepositoryState? known)
{
    public int Place => place;

    public RepositoryUrl Url => line.Url;

    public RepositoryState? Known => known;

    /// <summary>Whose patience it spends: where it moved for good, else its own.</summary>
    public ForgeHost Host { get; } = (known?.Evidence.Address ?? line.Url).Host;

    /// <summary>Ends by a host that wanted patience.</summary>
    public int Throttlings { get; set; }

    /// <summary>Ends by us.</summary>
    public int CutOffs { get; set; }
}
