using System.Text;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Repositories;

namespace Actors.Sync.Workspaces;

/// <summary>
/// Brings commits that the store lacks, with all that they reach, never shallow: 1 by a visit, which brings the heads too; 2 by oid,
/// where the server allows; 3 through all of its refs. For a store that is open for writing.
/// </summary>
/// <param name="client">The wire.</param>
/// <param name="sync">Visits.</param>
/// <param name="objects">The store.</param>
/// <param name="heads">Where visits are recorded.</param>
/// <param name="options">As for campaigns.</param>
public sealed class CommitFetch(IGitClient client, RepositorySync sync, IObjectStore objects, IHeadStore heads, SyncOptions options)
{
    private static readonly RefName WantedName = RefName.Parse("refs/heads/actors/wanted");

    /// <summary>Brings what a request names.</summary>
    /// <param name="request">Whose commit, and which.</param>
    /// <param name="visited">The repository was visited just now: only what no visit brings is left to do.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The request, with an oid for a ref that is not among the heads; or why it cannot be served.</returns>
    public async Task<(WorkspaceRequest Request, string? Error)> BringAsync(WorkspaceRequest request, bool visited, CancellationToken cancellationToken)
    {
        if (!visited && await VisitAsync(request.Url, cancellationToken).ConfigureAwait(false) is { } failed)
        {
            return (request, failed);
        }

        RepositoryState? known = (await heads.FindAsync([request.Url], cancellationToken).ConfigureAwait(false))[0];
        Snapshot? snapshot = known?.Snapshot is { } id ? await heads.ReadSnapshotAsync(id, cancellationToken).ConfigureAwait(false) : null;
        if (await IsHereAsync(snapshot, request.Commit, cancellationToken).ConfigureAwait(false))
        {
            return (request, null);
        }

        if (!Oid.TryParse(request.Commit, out Oid oid))
        {
            if (await FindRefAsync(request, cancellationToken).ConfigureAwait(false) is not { } shown)
            {
                return (request, $"{request.Url} has no {request.Commit ?? "HEAD"}");
            }

            oid = shown;
            request = request with { Commit = oid.ToString() };
        }

        RemoteFailure? failure = await sync.FetchTipsAsync(request.Url, [new RefTip(WantedName, oid)], known, options, cancellationToken).ConfigureAwait(false);
        return failure is null ? (request, null)
            : await BringAllRefsAsync(request, known, cancellationToken).ConfigureAwait(false) && await IsHereAsync(null, request.Commit, cancellationToken).ConfigureAwait(false) ? (request, null)
            : (request, $"{request.Url} does not give {oid}, neither by its name nor through its refs: {failure.Message}");
    }

    private async Task<string?> VisitAsync(RepositoryUrl url, CancellationToken cancellationToken)
    {
        RepositoryState? known = (await heads.FindAsync([url], cancellationToken).ConfigureAwait(false))[0];
        SyncResult result = await sync.RunAsync(url, known, options, cancellationToken).ConfigureAwait(false);
        await heads.RecordAsync([result.Visit], cancellationToken).ConfigureAwait(false);
        return result.Report.Outcome.IsSuccess() ? null : $"{url}: {result.Report.Outcome.ToName()}: {result.Report.Error}";
    }

    private async Task<bool> IsHereAsync(Snapshot? snapshot, string? commit, CancellationToken cancellationToken) =>
        await ResolvedCommit.FindAsync(objects, snapshot, commit, cancellationToken).ConfigureAwait(false) is not null;

    /// <summary>A ref that visits do not look at: a pull request's, a note's.</summary>
    private async Task<Oid?> FindRefAsync(WorkspaceRequest request, CancellationToken cancellationToken)
    {
        if (request.Commit is not { } named || !named.StartsWith("refs/", StringComparison.Ordinal) || !RefNameRules.IsSound(Encoding.UTF8.GetBytes(named)))
        {
            return null;
        }

        ProbeReply reply = await client.ProbeAsync(request.Url, RefSelection.Parse(named), cancellationToken).ConfigureAwait(false);
        RefTip tip = reply.Failure is null ? reply.ReadRefs().Tips.FirstOrDefault(one => one.Name.ToString() == named) : default;
        return tip.Oid.IsZero ? null : tip.Oid;
    }

    private async Task<bool> BringAllRefsAsync(WorkspaceRequest request, RepositoryState? known, CancellationToken cancellationToken)
    {
        ProbeReply reply = await client.ProbeAsync(request.Url, RefSelection.All, cancellationToken).ConfigureAwait(false);
        return reply.Failure is null
            && await sync.FetchTipsAsync(request.Url, reply.ReadRefs().Tips, known, options, cancellationToken).ConfigureAwait(false) is null;
    }
}
