using Actors.Git.Remotes;

namespace Actors.Store.Heads.Postgres;

/// <summary>URLs that wait to be looked up.</summary>
internal sealed record FindWork(IReadOnlyList<RepositoryUrl> Urls, CancellationToken CancellationToken)
{
    public TaskCompletionSource<IReadOnlyList<RepositoryState?>> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
