using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Microsoft.Extensions.Logging;

namespace Actors.Sync.Repositories;

/// <summary>One sync of one repository, from probe to visit. One for a process: safe for any number of calls at once.</summary>
/// <param name="client">The wire.</param>
/// <param name="objects">Where objects go. Committed and durable before the visit is returned.</param>
/// <param name="heads">Where earlier snapshots are read; nothing is written there.</param>
/// <param name="clock">For times of visits and deadlines.</param>
/// <param name="log">One line per change of state.</param>
public sealed partial class RepositorySync(
    IGitClient client, IObjectStore objects, IHeadStore heads, TimeProvider clock, ILogger<RepositorySync> log)
{
    /// <summary>
    /// Looks at the remote and brings what the store lacks. Does not record the visit: the caller does, in batches.
    /// Whatever a remote does is an outcome, and so are our own failures (<see cref="Outcome.Failed"/>, logged).
    /// </summary>
    /// <param name="url">The repository.</param>
    /// <param name="known">What the head store knows of it, or null when it was never seen.</param>
    /// <param name="options">What all syncs of a campaign share.</param>
    /// <param name="cancellationToken">The caller's: ends the sync without a result.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled; nothing visible remains but what was committed.</exception>
    public Task<SyncResult> RunAsync(
        RepositoryUrl url, RepositoryState? known, SyncOptions options, CancellationToken cancellationToken)
    {
        _ = (client, objects, heads, clock, log);
        throw new NotSupportedException("Being written in this issue.");
    }
}
