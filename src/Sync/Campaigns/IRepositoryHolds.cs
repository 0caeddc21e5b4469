using Actors.Git.Remotes;

namespace Actors.Sync.Campaigns;

/// <summary>
/// The right to visit repositories: among all that share a head store, one holder each. What its holder reads of a repository stays
/// true until the holder visits it. Safe for concurrent calls.
/// </summary>
public interface IRepositoryHolds
{
    /// <summary>Takes the right to each of them that nobody has.</summary>
    /// <returns>By place: whether it was taken. Where not, come again.</returns>
    Task<IReadOnlyList<bool>> TakeAsync(IReadOnlyList<RepositoryUrl> repositories, CancellationToken cancellationToken);

    /// <summary>Gives up the right to one that was taken; others may have it soon.</summary>
    void Release(RepositoryUrl repository);
}
