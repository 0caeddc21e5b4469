using Actors.Git.Remotes;
using Actors.Store.ExtIds;
using Actors.Store.Heads;
using Actors.Sync.Outcomes;
using Actors.Sync.Repositories;

namespace Actors.Loaders.Loads;

public sealed partial class PackageSync
{
    private SyncResult Unchanged(LoadStart start, LoadTally tally, SnapshotId same) => End(
        start,
        tally,
        new Visit { Url = start.Origin.Key, StartedAt = start.At, Outcome = same == SnapshotId.Empty ? Outcome.Empty : Outcome.Unchanged },
        same,
        VisitStatus.Full,
        []);

    private SyncResult Loaded(LoadStart start, LoadTally tally, Snapshot snapshot, AdvertisementDigest digest, IReadOnlyList<ContentName> contents)
    {
        bool partial = tally.Failures.Count > 0;
        LogLoaded(start.Origin.Origin, tally.Loaded, tally.Failures.Count, tally.Branches.Count);
        Verdict? verdict = partial
            ? OutcomeRules.Judge(
                Outcome.Partial, Fault.Repository, $"{tally.Failures.Count} releases failed; {tally.Failures[0].Key}: {tally.Failures[0].Value}",
                start.Known?.Failures ?? 0, start.At, tally.RetryAfter)
            : null;
        Outcome outcome = partial ? Outcome.Partial
            : snapshot.Id == SnapshotId.Empty ? Outcome.Empty
            : start.Known?.Snapshot is not { } before ? Outcome.New
            : before == snapshot.Id ? Outcome.Unchanged : Outcome.Updated;
        Visit visit = new()
        {
            Url = start.Origin.Key,
            StartedAt = start.At,
            Outcome = outcome,
            NewSnapshot = snapshot,
            // What failed is to be tried again, though the registry says the same.
            Digest = partial ? default : digest,
            RetryAt = verdict?.RetryAt,
            Error = verdict?.Error,
        };
        return End(start, tally, visit, snapshot.Id, partial ? VisitStatus.Partial : VisitStatus.Full, contents, verdict);
    }

    private SyncResult Fail(LoadStart start, LoadTally tally, Verdict verdict, RemoteFailure? failure)
    {
        Visit visit = new() { Url = start.Origin.Key, StartedAt = start.At, Outcome = verdict.Outcome, RetryAt = verdict.RetryAt, Error = verdict.Error };
        tally.Links.Clear();
        VisitStatus status = verdict.Outcome == Outcome.Gone ? VisitStatus.NotFound : VisitStatus.Failed;
        return End(start, tally, visit, start.Known?.Snapshot, status, [], verdict, failure);
    }

    private SyncResult End(
        LoadStart start, LoadTally tally, Visit visit, SnapshotId? snapshot, VisitStatus status, IReadOnlyList<ContentName> contents, Verdict? verdict = null,
        RemoteFailure? failure = null)
    {
        long elapsedMs = (long)_clock.GetElapsedTime(start.Timestamp).TotalMilliseconds;
        long objects = tally.NewObjects.Sum();
        LoadReport load = new()
        {
            Origin = start.Origin.Origin,
            Era = _options.Era,
            Status = status,
            IsEventful = tally.IsEventful,
            Releases = tally.Branches.Count,
            Loaded = tally.Loaded,
            Downloads = tally.Downloads,
            Skipped = tally.Skipped,
            Failures = tally.Failures,
            NewObjects = tally.NewObjects,
            IsNewSnapshot = visit.NewSnapshot is { } made && made.Id != start.Known?.Snapshot,
        };
        _finished[start.Origin.Key] = new FinishedLoad(load, [.. tally.Links.Distinct()], contents, status == VisitStatus.Full ? tally.Answer : null);
        SyncReport report = new()
        {
            Url = start.Origin.Key,
            Outcome = visit.Outcome,
            Snapshot = snapshot,
            Refs = visit.NewSnapshot?.Branches.Count ?? 0,
            Wants = tally.Downloads,
            Objects = objects,
            BytesReceived = tally.BytesReceived,
            Requests = tally.Downloads + 1,
            ElapsedMs = elapsedMs,
            RetryAt = visit.RetryAt,
            Fault = verdict?.Fault ?? Fault.None,
            Error = visit.Error,
        };
        return new SyncResult(report, visit with { ElapsedMs = elapsedMs, Objects = objects, BytesReceived = tally.BytesReceived }, failure);
    }
}
