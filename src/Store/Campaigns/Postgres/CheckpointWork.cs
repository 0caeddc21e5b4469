namespace Actors.Store.Campaigns.Postgres;

/// <summary>A checkpoint that waits to be written.</summary>
internal sealed record CheckpointWork(ChunkCheckpoint Checkpoint, CancellationToken CancellationToken)
{
    public TaskCompletionSource<HoldState> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
