using System.Text;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Engines;
using Actors.Sync.Outcomes;
using Actors.Sync.Repositories;

namespace Actors.Sync.Workspaces;

/// <summary>
/// Brings commits that the store lacks, with all that they reach, never shallow: 1 by a visit, which brings the heads too; 2 by oid,
/// where the server allows; 3 through all of its refs. For a store that is open for writing. Around an engine's visits
/// (<see cref="VisitAsync"/>) all of it is under the permit that the forge host gave for the visit.
/// </summary>
/// <param name="client">The wire.</param>
/// <param name="sync">Visits.</param>
/// <param name="objects">The store.</param>
/// <param name="heads">Where visits are recorded.</param>
/// <param name="clock">For times of failures.</param>
/// <param name="options">As for campaigns.</param>
public sealed class CommitFetch(IGitClient client, RepositorySync sync, IObjectStore objects, IHeadStore heads, TimeProvider clock, SyncOptions options)
{
    private static readonly RefName WantedName = RefName.Parse("refs/heads/actors/wanted");

    /// <summary>Brings what one request names, by a visit of its own that no engine counts: for a program that asks one remote one thing.</summary>
    /// <param name="request">Whose commit, and which.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The request, with an oid for a ref that is not among the heads; or why it cannot be served.</returns>
    public async Task<(WorkspaceRequest Request, string? Error)> BringAsync(WorkspaceRequest request, CancellationToken cancellationToken)
    {
        RepositoryState? known = (await heads.FindAsync([request.Url], cancellationToken).ConfigureAwait(false))[0];
        SyncStep visit = (url, state, token) => sync.RunAsync(url, state, options, token);
        (SyncResult result, IReadOnlyList<(WorkspaceRequest, string?)> ends) = await VisitAsync(visit, [request], known, cancellationToken).ConfigureAwait(false);
        await heads.RecordAsync([result.Visit], cancellationToken).ConfigureAwait(false);
        return ends[0];
    }

    /// <summary>One visit of a repository, and with it what requests name and no visit brings.</summary>
    /// <param name="visit">The visit itself; the caller records it.</param>
    /// <param name="requests">Of one repository, at least one.</param>
    /// <param name="known">What the head store knows of it, or null.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>
    /// The visit, with what the remote did to all of it as evidence for its host: throttled, when the further fetches were, so that
    /// an engine comes again. And for each request in order, it and why it cannot be served.
    /// </returns>
    public async Task<(SyncResult Visit, IReadOnlyList<(WorkspaceRequest Request, string? Error)> Ends)> VisitAsync(
        SyncStep visit, IReadOnlyList<WorkspaceRequest> requests, RepositoryState? known, CancellationToken cancellationToken)
    {
        RepositoryUrl url = requests[0].Url;
        SyncResult result = await visit(url, known, cancellationToken).ConfigureAwait(false);
        if (!result.Report.Outcome.IsSuccess())
        {
            string error = $"{url}: {result.Report.Outcome.ToName()}: {result.Report.Error}";
            return (result, [.. requests.Select(one => (one, (string?)error))]);
        }

        Snapshot? snapshot = result.Visit.NewSnapshot
            ?? (known?.Snapshot is { } id ? await heads.ReadSnapshotAsync(id, cancellationToken).ConfigureAwait(false) : null);
        SyncTally tally = new();
        List<(WorkspaceRequest, string?)> ends = [];
        RemoteFailure? throttled = null;
        foreach (WorkspaceRequest request in requests)
        {
            if (throttled is not null)
            {
                ends.Add((request, $"{url}: {throttled.Message}"));
                continue;
            }

            (WorkspaceRequest brought, RemoteFailure? failure) = await BringAsync(request, known, snapshot, tally, cancellationToken).ConfigureAwait(false);
            ends.Add((brought, failure?.Message));
            throttled = failure is { Kind: RemoteFailureKind.Throttled } or { RetryAfter: not null } ? failure : null;
        }

        result = result with { Report = result.Report with { Requests = result.Report.Requests + tally.Requests } };
        return (throttled is null ? result : Throttle(result, throttled, known), ends);
    }

    /// <summary>A visit whose further fetches met a throttle has not succeeded: what it saw is seen again when the host answers again.</summary>
    private SyncResult Throttle(SyncResult result, RemoteFailure failure, RepositoryState? known)
    {
        Verdict verdict = OutcomeRules.Judge(failure, known?.Failures ?? 0, clock.GetUtcNow());
        return result with
        {
            Failure = failure,
            Report = result.Report with { Outcome = verdict.Outcome, Fault = verdict.Fault, Error = verdict.Error, RetryAt = verdict.RetryAt },
            Visit = result.Visit with { Outcome = verdict.Outcome, NewSnapshot = null, Error = verdict.Error, RetryAt = verdict.RetryAt },
        };
    }

    private async Task<(WorkspaceRequest Request, RemoteFailure? Failure)> BringAsync(
        WorkspaceRequest request, RepositoryState? known, Snapshot? snapshot, SyncTally tally, CancellationToken cancellationToken)
    {
        if (await IsHereAsync(snapshot, request.Commit, cancellationToken).ConfigureAwait(false))
        {
            return (request, null);
        }

        if (!Oid.TryParse(request.Commit, out Oid oid))
        {
            (RefTip? shown, RemoteFailure? unshown) = await FindRefAsync(request, tally, cancellationToken).ConfigureAwait(false);
            if (shown is not { } tip)
            {
                return (request, unshown ?? new RemoteFailure(RemoteFailureKind.NotOurRef, $"{request.Url} has no {request.Commit ?? "HEAD"}"));
            }

            oid = tip.Oid;
            request = request with { Commit = oid.ToString() };
        }

        RemoteFailure? failure = await sync.FetchTipsAsync(request.Url, [new RefTip(WantedName, oid)], known, options, tally, cancellationToken).ConfigureAwait(false);
        if (failure is null)
        {
            return (request, null);
        }

        RemoteFailure? all = failure.Kind == RemoteFailureKind.Throttled ? failure : await BringAllRefsAsync(request, known, tally, cancellationToken).ConfigureAwait(false);
        return all is null && await IsHereAsync(null, request.Commit, cancellationToken).ConfigureAwait(false)
            ? (request, null)
            : (request, (all ?? failure) with { Message = $"{request.Url} does not give {oid}, neither by its name nor through its refs: {failure.Message}" });
    }

    private async Task<bool> IsHereAsync(Snapshot? snapshot, string? commit, CancellationToken cancellationToken) =>
        await ResolvedCommit.FindAsync(objects, snapshot, commit, cancellationToken).ConfigureAwait(false) is not null;

    /// <summary>A ref that visits do not look at: a pull request's, a note's.</summary>
    private async Task<(RefTip? Tip, RemoteFailure? Failure)> FindRefAsync(WorkspaceRequest request, SyncTally tally, CancellationToken cancellationToken)
    {
        if (request.Commit is not { } named || !named.StartsWith("refs/", StringComparison.Ordinal) || !RefNameRules.IsSound(Encoding.UTF8.GetBytes(named)))
        {
            return (null, null);
        }

        ProbeReply reply = await client.ProbeAsync(request.Url, RefSelection.Parse(named), cancellationToken).ConfigureAwait(false);
        tally.Add(reply);
        RefTip tip = reply.Failure is null ? reply.ReadRefs().Tips.FirstOrDefault(one => one.Name.ToString() == named) : default;
        return (tip.Oid.IsZero ? null : tip, reply.Failure);
    }

    private async Task<RemoteFailure?> BringAllRefsAsync(WorkspaceRequest request, RepositoryState? known, SyncTally tally, CancellationToken cancellationToken)
    {
        ProbeReply reply = await client.ProbeAsync(request.Url, RefSelection.All, cancellationToken).ConfigureAwait(false);
        tally.Add(reply);
        return reply.Failure ?? await sync.FetchTipsAsync(request.Url, reply.ReadRefs().Tips, known, options, tally, cancellationToken).ConfigureAwait(false);
    }
}
