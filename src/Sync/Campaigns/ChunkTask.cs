using Actors.Git.Remotes;
using Actors.Store.Campaigns;
using Actors.Store.Heads;

namespace Actors.Sync.Campaigns;

/// <summary>A line of a chunk that has no outcome yet.</summary>
/// <param name="place">Of the line in the chunk.</param>
/// <param name="line">The line.</param>
internal sealed class ChunkTask(int place, ChunkLine line)
{
    public int Place => place;

    public RepositoryUrl Url => line.Url;

    /// <summary>What is known of the repository; true while it is held.</summary>
    public RepositoryState? Known { get; set; }

    /// <summary>Whose patience it spends: where it moved for good, else its own.</summary>
    public ForgeHost Host => (Known?.Evidence.Address ?? line.Url).Host;

    /// <summary>Ends by a host that wanted patience.</summary>
    public int Throttlings { get; set; }

    /// <summary>Ends by us.</summary>
    public int CutOffs { get; set; }
}
