using Actors.Store.Objects;
using LibGit2Sharp;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Sync.Workspaces;

/// <summary>What people have done in a workspace since it was made, found out in this process by libgit2.</summary>
internal static class WorkspaceChanges
{
    /// <summary>What would be lost with the workspace: changed and new files, and commits that no branch has. Null: nothing.</summary>
    /// <param name="path">The workspace.</param>
    /// <param name="objects">The store.</param>
    /// <param name="borrows">Whether the base borrows from the store's folder.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    public static async Task<string?> FindLossAsync(string path, IObjectStore objects, bool borrows, CancellationToken cancellationToken)
    {
        if (GitLibrary.Missing is { } missing)
        {
            return $"whether it has changes cannot be told ({missing})";
        }

        using Repository repository = OpenedWorkspace.Open(path, borrows ? null : objects);
        // Deleted files are no loss, and a sparse workspace has left out many.
        StatusEntry[] changes =
        [
            .. repository.RetrieveStatus(new StatusOptions { IncludeIgnored = false, RecurseUntrackedDirs = false, DetectRenamesInIndex = false, DetectRenamesInWorkDir = false })
                .Where(entry => (entry.State & ~(FileStatus.DeletedFromWorkdir | FileStatus.DeletedFromIndex | FileStatus.Ignored)) != 0),
        ];
        if (changes.Length > 0)
        {
            return $"it has changes in {changes.Length} files, {changes[0].FilePath} among them";
        }

        if (repository.Info.IsHeadDetached && repository.Head.Tip is { } tip)
        {
            bool[] present = new bool[1];
            await objects.ContainsAsync(new[] { Oid.Parse(tip.Sha) }, present, cancellationToken).ConfigureAwait(false);
            return present[0] ? null : $"commit {tip.Sha} is on no branch";
        }

        return null;
    }
}
