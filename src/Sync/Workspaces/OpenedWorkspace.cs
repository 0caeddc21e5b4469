using Actors.Git.Objects;
using LibGit2Sharp;

namespace Actors.Sync.Workspaces;

/// <summary>A workspace opened in this process by libgit2, with the whole store behind it.</summary>
internal static class OpenedWorkspace
{
    /// <summary>Below libgit2's own loose objects and packs, so that these are looked at first.</summary>
    private const int BackendPriority = 1;

    /// <param name="path">The workspace.</param>
    /// <param name="objects">The store, where the base does not borrow from its folder; null: it does.</param>
    public static Repository Open(string path, IObjectSource? objects)
    {
        Repository repository = new(path);
        if (objects is not null)
        {
            repository.ObjectDatabase.AddBackend(new StoreBackend(objects), BackendPriority);
        }

        return repository;
    }
}
