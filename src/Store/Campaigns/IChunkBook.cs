using Actors.Git.Remotes;

namespace Actors.Store.Campaigns;

/// <summary>Where it is written how far chunks are. Safe for concurrent calls.</summary>
public interface IChunkBook
{
    /// <summary>Writes how far a chunk is. What callers of one process write at the same time shares a transaction.</summary>
    /// <exception cref="ArgumentException">Fewer bytes of <see cref="ChunkCheckpoint.Done"/> than the lines need, or an end with lines that are not done.</exception>
    Task<HoldState> CheckpointAsync(ChunkCheckpoint checkpoint, CancellationToken cancellationToken);

    /// <summary>Tells that hosts are not to be asked before these times; null: they are again.</summary>
    Task SilenceAsync(IReadOnlyList<(ForgeHost Host, DateTimeOffset? Until)> hosts, CancellationToken cancellationToken);
}
