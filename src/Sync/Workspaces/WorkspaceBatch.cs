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
        if (requests.Count == 1)
        {
            results[0] = await root.AddAsync(requests[0], cancellationToken).ConfigureAwait(false);
            ended?.Invoke(results[0]);
            return results;
        }

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
}
