using Actors.Git;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Outcomes;

namespace Actors.Sync.Repositories;

/// <summary>A sync whose probe did not settle it: parse, climb the ladder, make the snapshot, tell the visit.</summary>
public sealed partial class RepositorySync
{
    private async Task<SyncResult> RunTimedAsync(SyncStart start, ProbeReply reply, CancellationToken cancellationToken)
    {
        bool answered = reply.Failure is not { HttpStatus: null, Kind: RemoteFailureKind.Unreachable or RemoteFailureKind.TimedOut or RemoteFailureKind.CutOff };
        double? firstAnswerMs = answered ? ElapsedMs(start) : null;
        SyncResult result = await RunFurtherAsync(start, reply, cancellationToken).ConfigureAwait(false);
        return result with { FirstAnswerMs = firstAnswerMs, RateLimit = reply.RateLimit };
    }

    private async Task<SyncResult> RunFurtherAsync(SyncStart start, ProbeReply reply, CancellationToken cancellationToken)
    {
        var tally = new SyncTally { MovedTo = start.MovedTo(reply.MovedTo), Redirects = reply.Redirects };
        tally.Add(reply);
        using var deadline = new CancellationTokenSource(TimeLeft(start), _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await ClimbAsync(start, tally, reply, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && deadline.IsCancellationRequested)
        {
            string error = $"not done after {start.Options.SyncTimeMax}, the longest that one sync may take";
            return Fail(start, tally, OutcomeRules.Judge(Outcome.TimedOut, Fault.Repository, error, Failures(start), start.At), null);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return Fail(start, tally, exception);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // What breaks when the caller lets go is no outcome of the repository.
            throw new OperationCanceledException("The sync was cancelled.", exception, cancellationToken);
        }
    }

    private TimeSpan TimeLeft(SyncStart start)
    {
        TimeSpan most = start.Options.SyncTimeMax;
        most = most < TimeSpan.Zero || most > Limits.SyncTimeMax ? Limits.SyncTimeMax : most;
        TimeSpan left = most - _clock.GetElapsedTime(start.Timestamp);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private async Task<SyncResult> ClimbAsync(SyncStart start, SyncTally tally, ProbeReply reply, CancellationToken cancellationToken)
    {
        Snapshot? previous = null;
        for (bool again = false; ; again = true)
        {
            if (reply.Failure is not null)
            {
                return Fail(start, tally, OutcomeRules.Judge(reply.Failure, Failures(start), start.At), reply.Failure);
            }

            RefAdvertisement refs = reply.ReadRefs();
            tally.Refs = refs.Tips.Count + refs.Sha256Tips.Count;
            if (refs.ObjectFormat != ObjectFormat.Sha1)
            {
                string error = $"a SHA-256 repository ({tally.Refs} refs): shown, not fetched";
                return Fail(start, tally, OutcomeRules.Judge(Outcome.Unsupported, Fault.Ours, error, Failures(start), start.At), null);
            }

            var tips = TipSet.Of(refs);
            previous ??= start.Known?.Snapshot is { } id
                ? await _heads.ReadSnapshotAsync(id, cancellationToken).ConfigureAwait(false)
                : null;
            RungEnd end = RungEnd.Closed;
            if (tips.Oids.Length > 0)
            {
                Snapshot? parent = previous is null ? await ReadParentAsync(start, cancellationToken).ConfigureAwait(false) : null;
                var ladder = new Ladder(
                    _client, _objects, start.Options, tally.MovedTo ?? start.Url, reply.Profile, previous ?? parent, previous is null, tally,
                    $"{start.Url} {start.At:O}", ToldNewObjects(start), IsStoreEmptyAsync);
                end = await ladder.ClimbAsync(tips, cancellationToken).ConfigureAwait(false);
            }

            if (end.IsClosed)
            {
                return await EndChangedAsync(start, tally, reply.Digest, refs, previous, cancellationToken).ConfigureAwait(false);
            }

            if (end.Failure is not { Kind: RemoteFailureKind.NotOurRef } || again)
            {
                return Fail(start, tally, end);
            }

            // A ref moved between probe and fetch: look once more.
            reply = await _client.ProbeAsync(start.Address, start.Options.Refs, cancellationToken).ConfigureAwait(false);
            tally.Add(reply);
        }
    }

    private async Task<SyncResult> EndChangedAsync(
        SyncStart start, SyncTally tally, AdvertisementDigest digest, RefAdvertisement refs, Snapshot? previous, CancellationToken cancellationToken)
    {
        Dictionary<Oid, SnapshotTarget> kinds = SnapshotDraft.KnownKinds(previous);
        Oid[] fresh = [.. refs.Tips.Select(tip => tip.Oid).Where(oid => !oid.IsZero && !kinds.ContainsKey(oid)).Distinct()];
        var types = new ObjectType[fresh.Length];
        await _objects.ReadTypesAsync(fresh, types, cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < fresh.Length; i++)
        {
            kinds[fresh[i]] = SnapshotDraft.KindOf(types[i]);
        }

        Snapshot snapshot = SnapshotDraft.Make(refs, kinds);
        Outcome outcome = snapshot.Id == SnapshotId.Empty ? Outcome.Empty
            : start.Known?.Snapshot is not { } before ? Outcome.New
            : before == snapshot.Id ? Outcome.Unchanged
            : Outcome.Updated;
        if (tally.Rungs is [.., var rung])
        {
            LogCommitted(start.Url, start.Url.Host, outcome.ToName(), rung, tally.Objects, tally.BytesReceived, tally.Requests);
        }

        Visit visit = Describe(start, tally, outcome) with { NewSnapshot = snapshot, Digest = digest };
        return new SyncResult(Report(visit, tally, start, Fault.None, snapshot.Id), visit, null);
    }

    private SyncResult Fail(SyncStart start, SyncTally tally, RungEnd end) => end.Refusal is var (outcome, fault, error)
        ? Fail(start, tally, OutcomeRules.Judge(outcome, fault, error, Failures(start), start.At), null)
        : Fail(start, tally, OutcomeRules.Judge(end.Failure!, Failures(start), start.At), end.Failure);

    private SyncResult Fail(SyncStart start, SyncTally tally, Exception exception)
    {
        Verdict verdict = OutcomeRules.Judge(exception, Failures(start), start.At);
        if (verdict.Fault == Fault.Ours)
        {
            LogOwnFailure(start.Url, start.Url.Host, exception);
        }

        return Fail(start, tally, verdict, null);
    }

    private SyncResult Fail(SyncStart start, SyncTally tally, Verdict verdict, RemoteFailure? failure)
    {
        if (verdict.Outcome is Outcome.Corrupt or Outcome.OverLimit or Outcome.Unsupported)
        {
            LogRefused(start.Url, start.Url.Host, verdict.Outcome.ToName(), verdict.Error);
        }

        Visit visit = Describe(start, tally, verdict.Outcome) with { RetryAt = verdict.RetryAt, Error = verdict.Error };
        return new SyncResult(Report(visit, tally, start, verdict.Fault, start.Known?.Snapshot), visit, failure);
    }

    private Visit Describe(SyncStart start, SyncTally tally, Outcome outcome) => new()
    {
        Url = start.Url,
        StartedAt = start.At,
        Outcome = outcome,
        ElapsedMs = ElapsedMs(start),
        Objects = tally.Objects,
        BytesReceived = tally.BytesReceived,
        CloneBytes = tally.CloneBytes,
        MovedTo = tally.MovedTo,
    };

    private static SyncReport Report(Visit visit, SyncTally tally, SyncStart start, Fault fault, SnapshotId? snapshot) => new()
    {
        Url = visit.Url,
        Outcome = visit.Outcome,
        Snapshot = snapshot,
        Refs = tally.Refs,
        Wants = tally.Wants,
        Haves = tally.Haves,
        Objects = tally.Objects,
        BytesReceived = tally.BytesReceived,
        CloneBytes = tally.CloneBytes ?? start.Known?.CloneBytes,
        Requests = tally.Requests,
        ElapsedMs = visit.ElapsedMs,
        Rungs = tally.Rungs,
        MovedTo = tally.MovedTo,
        Redirects = tally.Redirects,
        RetryAt = visit.RetryAt,
        Fault = fault,
        Error = visit.Error,
    };

    private static int Failures(SyncStart start) => start.Known?.Failures ?? 0;
}
