using Actors.Git.Remotes;
using Actors.Sync.Campaigns;

namespace Actors.Sync.Tests.Campaigns;

/// <summary>Gives everything that nobody has.</summary>
internal sealed class ScriptedHolds : IRepositoryHolds
{
    /// <summary>What others have.</summary>
    public HashSet<RepositoryUrl> Others { get; } = [];

    /// <summary>What was taken and not released.</summary>
    public HashSet<RepositoryUrl> Held { get; } = [];

    public Task<IReadOnlyList<bool>> TakeAsync(IReadOnlyList<RepositoryUrl> repositories, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<bool>>([.. repositories.Select(repository => !Others.Contains(repository) && Held.Add(repository))]);

    public void Release(RepositoryUrl repository)
    {
        if (!Held.Remove(repository))
        {
            throw new InvalidOperationException($"{repository} was not held.");
        }
    }
}
