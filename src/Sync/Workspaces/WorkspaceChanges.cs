using Actors.Store.Objects;
using LibGit2Sharp;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Sync.Workspaces;

/// <summary>What people have done in a workspace since it was made, found out in this process by libgit2.</summary>
internal static class WorkspaceChanges
{
    /// <summary>
    /// What would be lost with the workspace: changed and new files, and commits that no branch has; of its submodules, whose branches go with
    /// it, all commits that neither the store nor a remote had. Null: nothing.
    /// </summary>
    /// <param name="path">The workspace.</param>
    /// <param name="administration">Its administration folder.</param>
    /// <param name="objects">The store.</param>
    /// <param name="borrows">Whether the base borrows from the store's folder.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    public static async Task<string?> FindLossAsync(string path, string administration, IObjectStore objects, bool borrows, CancellationToken cancellationToken)
    {
        if (GitLibrary.Missing is { } missing)
        {
            return $"whether it has changes cannot be told ({missing})";
        }

        IObjectStore? behind = borrows ? null : objects;
        using (Repository repository = OpenedWorkspace.Open(path, behind))
        {
            Commit? loose = repository.Info.IsHeadDetached ? repository.Head.Tip : null;
            if ((FindChanges(repository) ?? await FindOwnAsync(loose is null ? [] : [loose], objects, cancellationToken).ConfigureAwait(false)) is { } loss)
            {
                return loss;
            }
        }

        foreach (SubmoduleRepository one in SubmoduleRepository.List(administration))
        {
            bool hasTree = one.ReadPath() is { } folder && File.Exists(Path.Combine(folder, ".git"));
            using Repository inner = OpenedWorkspace.Open(hasTree ? one.ReadPath()! : one.Folder, behind);
            if (((hasTree ? FindChanges(inner) : null) ?? await FindOwnAsync(NotOfRemotes(inner), objects, cancellationToken).ConfigureAwait(false)) is { } loss)
            {
                return $"in its submodule {one.ReadPath()}: {loss}";
            }
        }

        return null;
    }

    private static string? FindChanges(Repository repository)
    {
        // Deleted files are no loss, and a sparse workspace has left out many. Submodules are looked at by themselves.
        StatusEntry[] changes =
        [
            .. repository.RetrieveStatus(new StatusOptions { IncludeIgnored = false, RecurseUntrackedDirs = false, DetectRenamesInIndex = false, DetectRenamesInWorkDir = false, ExcludeSubmodules = true })
                .Where(entry => (entry.State & ~(FileStatus.DeletedFromWorkdir | FileStatus.DeletedFromIndex | FileStatus.Ignored)) != 0),
        ];
        return changes.Length > 0 ? $"it has changes in {changes.Length} files, {changes[0].FilePath} among them" : null;
    }

    private static async Task<string?> FindOwnAsync(IEnumerable<Commit> commits, IObjectStore objects, CancellationToken cancellationToken)
    {
        bool[] present = new bool[1];
        foreach (Commit commit in commits)
        {
            await objects.ContainsAsync(new[] { Oid.Parse(commit.Sha) }, present, cancellationToken).ConfigureAwait(false);
            if (!present[0])
            {
                return $"commit {commit.Sha} is on no branch";
            }
        }

        return null;
    }

    /// <summary>What HEAD, branches and stash reach and no ref of a remote does.</summary>
    private static IEnumerable<Commit> NotOfRemotes(Repository repository)
    {
        Commit[] Tips(Func<DirectReference, bool> of) =>
            [.. repository.Refs.OfType<DirectReference>().Where(of).Select(one => repository.Lookup(one.TargetIdentifier)).Select(one => one is TagAnnotation tag ? tag.Target : one).OfType<Commit>()];
        Commit[] own = [.. Tips(one => one.IsLocalBranch || one.CanonicalName == "refs/stash").Append(repository.Head.Tip).OfType<Commit>()];
        return own.Length == 0 ? [] : repository.Commits.QueryBy(new CommitFilter { IncludeReachableFrom = own, ExcludeReachableFrom = Tips(one => one.IsRemoteTrackingBranch || one.IsTag) });
    }
}
