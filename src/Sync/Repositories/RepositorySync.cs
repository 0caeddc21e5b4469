using Actors.Git.Objects;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Outcomes;
using Microsoft.Extensions.Logging;

namespace Actors.Sync.Repositories;

/// <summary>One sync of one repository, from probe to visit. One for a process: safe for any number of calls at once.</summary>
public sealed partial class RepositorySync
{
    private readonly IGitClient _client;
    private readonly IObjectStore _objects;
    private readonly IHeadStore _heads;
    private readonly TimeProvider _clock;
    private readonly ILogger<RepositorySync> _log;
    private readonly Lock _newObjectsGate = new();
    private volatile bool _storeFilled;

    /// <param name="client">The wire.</param>
    /// <param name="objects">Where objects go. Committed and durable before the visit is returned.</param>
    /// <param name="heads">Where earlier snapshots are read; nothing is written there.</param>
    /// <param name="clock">For times of visits and deadlines.</param>
    /// <param name="log">One line per change of state.</param>
    public RepositorySync(IGitClient client, IObjectStore objects, IHeadStore heads, TimeProvider clock, ILogger<RepositorySync> log)
    {
        _client = client;
        _objects = objects;
        _heads = heads;
        _clock = clock;
        _log = log;
    }

    /// <summary>
    /// Looks at the remote and brings what the store lacks. Does not record the visit: the caller does, in batches.
    /// Whatever a remote does is an outcome, and so are our own failures (<see cref="Outcome.Failed"/>, logged).
    /// </summary>
    /// <param name="url">The repository.</param>
    /// <param name="known">What the head store knows of it, or null when it was never seen.</param>
    /// <param name="options">What all syncs of a campaign share.</param>
    /// <param name="cancellationToken">The caller's: ends the sync without a result.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled; nothing visible remains but what was committed.</exception>
    public async Task<SyncResult> RunAsync(
        RepositoryUrl url, RepositoryState? known, SyncOptions options, CancellationToken cancellationToken)
    {
        var start = new SyncStart(url, known, options, _clock.GetUtcNow(), _clock.GetTimestamp());
        ProbeReply reply;
        try
        {
            AdvertisementDigest? digest = known is { Snapshot: not null } ? known.Digest : null;
            reply = await _client.ProbeAsync(start.Address, options.Refs, digest, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return Fail(start, new SyncTally(), exception);
        }

        // The path of nearly every visit: one comparison, nothing parsed.
        return reply.Failure is null && known is { Snapshot: { } snapshot } && reply.Digest == known.Digest
            ? EndUnchanged(start, known, snapshot, reply)
            : await RunTimedAsync(start, reply, cancellationToken).ConfigureAwait(false);
    }

    private SyncResult EndUnchanged(SyncStart start, RepositoryState known, SnapshotId snapshot, ProbeReply reply)
    {
        Outcome outcome = snapshot == SnapshotId.Empty ? Outcome.Empty : Outcome.Unchanged;
        long elapsedMs = ElapsedMs(start);
        var visit = new Visit
        {
            Url = start.Url,
            StartedAt = start.At,
            Outcome = outcome,
            ElapsedMs = elapsedMs,
            BytesReceived = reply.BytesReceived,
            MovedTo = start.MovedTo(reply.MovedTo),
        };
        var report = new SyncReport
        {
            Url = start.Url,
            Outcome = outcome,
            Snapshot = snapshot,
            BytesReceived = reply.BytesReceived,
            CloneBytes = known.CloneBytes,
            Requests = reply.Requests,
            ElapsedMs = elapsedMs,
            MovedTo = visit.MovedTo,
            Redirects = reply.Redirects,
        };
        return new SyncResult(report, visit, null) { FirstAnswerMs = elapsedMs, RateLimit = reply.RateLimit };
    }

    /// <summary>Nothing visible is ever removed: once filled, always filled.</summary>
    private async ValueTask<bool> IsStoreEmptyAsync(CancellationToken cancellationToken)
    {
        _storeFilled = _storeFilled || (await _objects.ReadFiguresAsync(cancellationToken).ConfigureAwait(false)).Objects > 0;
        return !_storeFilled;
    }

    private long ElapsedMs(SyncStart start) => (long)_clock.GetElapsedTime(start.Timestamp).TotalMilliseconds;

    /// <summary>Observers are told objects one at a time, whichever syncs commit at once.</summary>
    private Action<Oid, ObjectType>? ToldNewObjects(SyncStart start) => start.Options.NewObjects is not { } told ? null : (oid, type) =>
    {
        lock (_newObjectsGate)
        {
            told(start.Url, oid, type);
        }
    };
}
