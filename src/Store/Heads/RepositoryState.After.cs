namespace Actors.Store.Heads;

public sealed partial record RepositoryState
{
    /// <summary>What is known after <paramref name="visit"/>: the one rule for every head store.</summary>
    internal RepositoryState After(Visit visit)
    {
        bool success = visit.Outcome.IsSuccess();
        DateTimeOffset startedAt = HeadTime.Kept(visit.StartedAt);
        return this with
        {
            Snapshot = visit.NewSnapshot?.Id ?? Snapshot,
            Digest = visit.NewSnapshot is null ? Digest : visit.Digest,
            Visit = Visit + 1,
            VisitedAt = startedAt,
            Outcome = visit.Outcome,
            SucceededAt = success ? startedAt : SucceededAt,
            Campaign = visit.Campaign,
            Failures = success ? 0 : Failures + 1,
            RetryAt = HeadTime.Kept(visit.RetryAt),
            CloneBytes = visit.CloneBytes ?? CloneBytes,
            MovedTo = visit.MovedTo ?? MovedTo,
            Evidence = Evidence.After(visit, MovedTo),
        };
    }
}
