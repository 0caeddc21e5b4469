using System.Runtime.CompilerServices;
using LibGit2Sharp;

namespace Actors.Sync.Workspaces;

public sealed partial class WorkspaceRoot
{
    /// <summary>
    /// Checks every workspace that counts, and what its base borrows from: links both ways, HEAD's commit, index and files, as
    /// libgit2 sees them; the commit that it was made of, in the store. Changes nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">libgit2 is missing.</exception>
    public async IAsyncEnumerable<WorkspaceCheck> VerifyAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (GitLibrary.Missing is { } missing)
        {
            throw new InvalidOperationException(missing);
        }

        foreach (BaseName name in ListNames())
        {
            string folder = _layout.BaseOf(name);
            if (_alternate is not null && !Directory.Exists(File.ReadAllText(Path.Combine(folder, "objects", "info", "alternates")).TrimEnd('\n')))
            {
                yield return new WorkspaceCheck(folder, "borrows from a folder that is not there: was the store moved?", 0);
            }

            foreach (Worktree worktree in Worktree.List(folder).Where(one => File.Exists(one.Record)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return worktree.ReadWhole(name) is { } whole
                    ? await VerifyAsync(whole, cancellationToken).ConfigureAwait(false)
                    : new WorkspaceCheck(worktree.ReadPath() ?? worktree.Folder, "its folder is gone, or its .git does not point back", 0);
            }
        }
    }

    private async Task<WorkspaceCheck> VerifyAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        if (UnwrittenFiles.Find(new Worktree(Path.Combine(_layout.BaseOf(workspace.Base), "worktrees", workspace.Name)), workspace.Path) is { } unwritten)
        {
            return new WorkspaceCheck(workspace.Path, unwritten, 0);
        }

        bool[] present = new bool[1];
        await _objects.ContainsAsync(new[] { workspace.Commit }, present, cancellationToken).ConfigureAwait(false);
        if (!present[0])
        {
            return new WorkspaceCheck(workspace.Path, $"the store lacks its commit {workspace.Commit}", 0);
        }

        try
        {
            using Repository repository = OpenedWorkspace.Open(workspace.Path, _alternate is null ? _objects : null);
            if (repository.Head.Tip is not { } tip)
            {
                return new WorkspaceCheck(workspace.Path, "its HEAD names no commit", 0);
            }

            _ = tip.Tree.Count;
            bool sparse = File.Exists(Path.Combine(_layout.BaseOf(workspace.Base), "worktrees", workspace.Name, "info", "sparse-checkout"));
            int changed = repository.RetrieveStatus(new StatusOptions { IncludeIgnored = false })
                .Count(entry => !(sparse && entry.State == FileStatus.DeletedFromWorkdir));
            return new WorkspaceCheck(workspace.Path, null, changed);
        }
        catch (Exception e) when (e is LibGit2SharpException or IOException)
        {
            return new WorkspaceCheck(workspace.Path, e.Message, 0);
        }
    }
}
