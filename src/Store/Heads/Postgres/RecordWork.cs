namespace Actors.Store.Heads.Postgres;

/// <summary>A batch of visits that waits to be recorded.</summary>
internal sealed record RecordWork(IReadOnlyList<Visit> Visits, CancellationToken CancellationToken)
{
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
