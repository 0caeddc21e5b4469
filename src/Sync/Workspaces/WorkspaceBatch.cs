using System.Collections.Concurrent;

namespace Actors.Sync.Workspaces;

/// <summary>Many workspaces at once: several are made at a time, each reported as it ends, none stops the others.</summary>
/// <param name="root">Where.</param>
/// <param name="jobs">So many at a time; each uses all cores by itself when it is alone.</param>
public sealed class WorkspaceBatch(WorkspaceRoot root, int jobs)
{
    /// <summary>Makes what the store has.</summary>
    /// <param name="requests">In any number and order.</param>
    /// <param name="ended">Told each result as it comes, one at a time; or null.</param>
    /// <param name="cancellationToken">Ends the batch; what is made stays.</param>
    /// <returns>Results in the order of the requests.</returns>
    public async Task<IReadOnlyList<WorkspaceResult>> AddAsync(
        IReadOnlyList<WorkspaceRequest> requests, Action<WorkspaceResult>? ended, CancellationToken cancellationToken)
    {
        var results = new WorkspaceResult[requests.Count];
        Lock telling = new();
        ParallelOptions several = new() { MaxDegreeOfParallelism = Math.Max(1, jobs), CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, requests.Count, several, async (i, token) =>
        {
            results[i] = await root.AddAsync(requests[i], token).ConfigureAwait(false);
            lock (telling)
            {
                ended?.Invoke(results[i]);
            }
        }).ConfigureAwait(false);
        return results;
    }

    /// <summary>Brings what requests lack: hosts at the same time, requests of one host one after the other.</summary>
    /// <param name="fetch">Into the store.</param>
    /// <param name="requests">What is wanted.</param>
    /// <param name="visited">Their repositories were visited just now.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>For each request in order, what <see cref="CommitFetch.BringAsync"/> says.</returns>
    public static async Task<IReadOnlyList<(WorkspaceRequest Request, string? Error)>> BringAsync(
        CommitFetch fetch, IReadOnlyList<WorkspaceRequest> requests, bool visited, CancellationToken cancellationToken)
    {
        ConcurrentDictionary<int, (WorkspaceRequest, string?)> ends = [];
        IEnumerable<IGrouping<Git.Remotes.ForgeHost, int>> hosts = Enumerable.Range(0, requests.Count).GroupBy(i => requests[i].Url.Host);
        await Parallel.ForEachAsync(hosts, cancellationToken, async (host, token) =>
        {
            foreach (int i in host)
            {
                ends[i] = await fetch.BringAsync(requests[i], visited, token).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
        return [.. Enumerable.Range(0, requests.Count).Select(i => ends[i])];
    }
}
